/** The command line that all benchmarks share. */
import { parseArgs } from 'node:util';
import type { Target } from './judge.ts';
import type { Scale, Section } from './model.ts';
import { json, markdown } from './report.ts';
import { run } from './runner.ts';

export interface Benchmark {
  /** The calling program, which is started again for each measurement. */
  readonly program: string;
  readonly usage: string;
  readonly sections: (scale: Scale) => readonly Section[];
  readonly targets: readonly Target[];
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repeats: { type: 'string', default: '5' },
    node: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    // Passed by the runner to a process that it starts for one measurement.
    measure: { type: 'string' },
    contender: { type: 'string' },
  },
});

export async function benchmark({ program, usage, sections, targets }: Benchmark): Promise<void> {
  const all = sections({ quick: values.quick });
  if (values.help) {
    process.stdout.write(usage);
  } else if (values.measure !== undefined) {
    await measureHere(all, values.measure, values.contender);
  } else {
    await runAll(program, all, targets);
  }
}

async function measureHere(
  sections: readonly Section[],
  section: string,
  name: string | undefined,
): Promise<void> {
  const contender = sections
    .find(({ id }) => id === section)
    ?.contenders.find((candidate) => candidate.name === name);
  if (contender === undefined) throw new RangeError(`No contender ${name} in section ${section}.`);
  const value = await contender.measure();
  // Some workloads leave tasks that never end.
  process.stdout.write(`${value}\n`, () => process.exit(0));
}

async function runAll(
  program: string,
  sections: readonly Section[],
  targets: readonly Target[],
): Promise<void> {
  const repeats = Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`Expected --repeats to be a positive integer, got ${values.repeats}.`);
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
    program,
    nodes: [process.execPath, ...values.node],
    sections: selected,
    repeats,
    quick: values.quick,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const report = values.json ? json : markdown;
  process.stdout.write(`${report(results, { repeats, quick: values.quick, targets })}\n`);
  if (results.failures.length > 0) process.exitCode = 1;
}
