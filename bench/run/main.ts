/**
 * `npm run bench:run`: compares `taskpool run --exec` with GNU parallel and xargs, over the same files at the same
 * concurrency. Needs `parallel`. Exits with 1 if a target is missed.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killed, measured, median, type Sample } from './measure.ts';

const FILES = 2000;
const CONCURRENCY = 2;
const ROUNDS = 3;
/** The target for `taskpool run`, relative to parallel, in wall time and in processor time. */
const TARGET = 1.2;

const folder = mkdtempSync(join(tmpdir(), 'bench-run-'));
const list = join(folder, 'list.txt');
const main = 'dist/cli/main.cjs';
if (!existsSync(main)) throw new Error(`expected a built package, got no ${main}`);

const taskpool = `'${process.execPath}' ${main} run -q -n ${CONCURRENCY}`;
const parallel = `parallel --will-cite -k -j${CONCURRENCY}`;

/** Each command reads the list on stdin and prints what `sha256sum` prints. */
const COMMANDS = {
  'taskpool run --raw': `${taskpool} --raw --exec 'sha256sum {}' < ${list}`,
  'taskpool run': `${taskpool} --exec 'sha256sum {}' < ${list}`,
  'taskpool run --journal': `${taskpool} --raw --exec 'sha256sum {}' --journal ${folder}/run.db < ${list}`,
  'parallel -k': `${parallel} sha256sum {} < ${list}`,
  'parallel -k --joblog': `${parallel} --joblog ${folder}/job.log sha256sum {} < ${list}`,
  'xargs -P': `xargs -d '\\n' -n1 -P${CONCURRENCY} sha256sum < ${list}`,
};

/** Commands that are killed in the middle, and the ones that continue them. */
const RECOVERED = {
  taskpool: [
    COMMANDS['taskpool run --journal'],
    COMMANDS['taskpool run --journal'].replace('--journal', '--resume'),
  ],
  parallel: [
    COMMANDS['parallel -k --joblog'],
    COMMANDS['parallel -k --joblog'].replace('--joblog', '--resume --joblog'),
  ],
} as const;

function forget(): void {
  for (const name of ['run.db', 'run.db-wal', 'run.db-shm', 'run.db.lock', 'job.log', 'output']) {
    rmSync(join(folder, name), { force: true });
  }
}

function makeFiles(): void {
  const paths = Array.from({ length: FILES }, (_, i) => join(folder, `file number ${i}.txt`));
  for (const [i, path] of paths.entries()) writeFileSync(path, `content ${i}\n`.repeat(100));
  writeFileSync(list, paths.map((path) => `${path}\n`).join(''));
}

async function measureAll(): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, command] of Object.entries(COMMANDS)) {
      forget();
      const sample = await measured(command, join(folder, 'output'));
      samples.set(name, [...(samples.get(name) ?? []), sample]);
    }
  }
  return new Map([...samples].map(([name, all]) => [name, median(all)]));
}

/** Kills a run after about half of its output, and measures the rest. */
async function measureResumed(): Promise<Map<string, Sample>> {
  const results = new Map<string, Sample>();
  for (const [name, [begin, resume]] of Object.entries(RECOVERED)) {
    forget();
    const output = join(folder, 'output');
    const before = await killed(begin, output, FILES / 2);
    const sample = await measured(resume, output);
    const lines = new Set(readFileSync(output, 'utf8').split('\n').slice(0, -1));
    if (lines.size !== FILES) throw new Error(`expected ${FILES} results, got ${lines.size}`);
    results.set(`${name}, resumed after ${before}`, sample);
  }
  return results;
}

function row(name: string, { wall, cpu }: Sample, base: Sample): string {
  const seconds = (n: number) => n.toFixed(2);
  return `| ${name} | ${seconds(wall)} | ${seconds(cpu)} | ${(wall / base.wall).toFixed(2)} | ${(cpu / base.cpu).toFixed(2)} |`;
}

makeFiles();
try {
  const all = await measureAll();
  const base = all.get('parallel -k') as Sample;
  const ours = all.get('taskpool run --raw') as Sample;
  console.log(
    `${FILES} files, ${CONCURRENCY} at once, Node ${process.version}, median of ${ROUNDS}\n`,
  );
  console.log('| | wall s | CPU s | wall ÷ parallel | CPU ÷ parallel |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, sample] of all) console.log(row(name, sample, base));
  const resumed = await measureResumed();
  const other = [...resumed.values()].at(-1) as Sample;
  for (const [name, sample] of resumed) console.log(row(name, sample, other));
  if (ours.wall > TARGET * base.wall || ours.cpu > TARGET * base.cpu) {
    console.log(`\nMissed: expected at most ${TARGET} times what parallel takes.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
