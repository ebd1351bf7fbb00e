/** `npm run bench`: what a task costs here and in other libraries, measured in one run. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { json, markdown } from './report.ts';
import { run } from './runner.ts';
import { allSections } from './workloads/index.ts';

const usage = `npm run bench -- [options]

  --only W1,W4    only these workloads (W1 … W7, eager) or sections (W1-dropped)
  --repeats N     measurements of each contender, whose median counts (default 5)
  --node PATH     measure on this Node too, side by side with the current one; may be repeated
  --quick         small runs, to see that everything works; no figures to quote
  --json          JSON to stdout instead of markdown
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repeats: { type: 'string', default: '5' },
    node: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    // What the runner passes to a process that it starts for one measurement.
    measure: { type: 'string' },
    contender: { type: 'string' },
  },
});

const sections = allSections({ quick: values.quick });

if (values.help) {
  process.stdout.write(usage);
} else if (values.measure !== undefined) {
  await measureHere(values.measure, values.contender);
} else {
  await runAll();
}

async function measureHere(section: string, name: string | undefined): Promise<void> {
  const contender = sections
    .find(({ id }) => id === section)
    ?.contenders.find((candidate) => candidate.name === name);
  if (contender === undefined) throw new RangeError(`No contender ${name} in section ${section}.`);
  const value = await contender.measure();
  // Some workloads leave tasks that never end.
  process.stdout.write(`${value}\n`, () => process.exit(0));
}

async function runAll(): Promise<void> {
  const repeats = Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`Expected --repeats to be a whole number from 1, got ${values.repeats}.`);
  }
  const wanted = values.only?.split(',').map((name) => name.trim());
  const selected = sections.filter(
    ({ id }) =>
      wanted === undefined || wanted.some((name) => id === name || id.startsWith(`${name}-`)),
  );
  if (selected.length === 0) {
    const ids = sections.map(({ id }) => id).join(', ');
    throw new RangeError(`Expected --only to name some of ${ids}, got ${values.only}.`);
  }
  const results = await run({
    program: fileURLToPath(import.meta.url),
    nodes: [process.execPath, ...values.node],
    sections: selected,
    repeats,
    quick: values.quick,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const report = values.json ? json : markdown;
  process.stdout.write(`${report(results, { repeats, quick: values.quick })}\n`);
  if (results.failures.length > 0) process.exitCode = 1;
}
