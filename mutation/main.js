/**
 * Changes the sources, one small thing at a time, and runs tests to see whether they notice:
 *
 *   npm run mutation                                  all mutants of src/machines and src/pool
 *   npm run mutation -- src/pool/results src/pool/core.ts
 *   npm run mutation -- --sample 300 [--seed 7]       300 of them, at random
 *   npm run mutation -- --again                       those that survived in the last run
 *
 * The tests of a mutant take limited processor time, so that survivors are cheap; `--thorough` allows more.
 * `--processes` sets how many run at a time (2). What survives is printed at once, a table by folder at the end.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installIn } from '../scripts/builder/packages.js';
import { cover, tryAll } from './processes.js';
import { tableOf } from './table.js';

/** Where everything goes. */
const REPORTS = 'reports/mutation';
const REPORT = join(REPORTS, 'report.json');

/** How much processor time the tests of a mutant take at most, in milliseconds, unless `--thorough` is given. */
const BUDGET = { usual: 1500, thorough: 10_000 };
/** What is mutated. */
const MUTATED = ['src/machines', 'src/pool'];

const { values, positionals } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
    thorough: { type: 'boolean', default: false },
    processes: { type: 'string', default: '2' },
  },
  allowPositionals: true,
});

const paths = positionals.length > 0 ? positionals : MUTATED;

await installIn('mutation');
const { instrumented } = await import('./instrument.js');

const { files, mutants } = await instrumented(MUTATED.flatMap(filesAt).sort());
mkdirSync(REPORTS, { recursive: true });
const sources = join(REPORTS, 'sources.json');
writeFileSync(sources, JSON.stringify(files));

const asked = mutants.filter(({ file }) => paths.some((path) => isWithin(file, path)));
const chosen = values.again ? survivorsAmong(asked) : sampleOf(asked);
console.log(`${chosen.length} of ${mutants.length} mutants`);
await cover(REPORTS, sources, stateOf(['src', 'test']));
const tried = await tryAll(
  chosen,
  { processes: Number(values.processes), budget: values.thorough ? BUDGET.thorough : BUDGET.usual },
  REPORTS,
  sources,
);
const all = values.again
  ? lastReport()
      .filter((one) => !wasRetried(one))
      .concat(tried)
  : tried;
writeFileSync(REPORT, JSON.stringify(all, undefined, 1));
console.log(tableOf(all.filter(({ status }) => status !== 'while loading')));

function filesAt(path) {
  return readdirSync(path, { recursive: true })
    .filter((name) => /\.[jt]s$/.test(name) && !name.startsWith('node_modules'))
    .map((name) => join(path, name));
}

function isWithin(file, path) {
  return file === path || file.startsWith(join(path, '/'));
}

/** Changes whenever a file does. */
function stateOf(folders) {
  const hash = createHash('sha1');
  for (const file of folders.flatMap(filesAt).sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function sampleOf(all) {
  if (values.sample === undefined) return all;
  const chosen = new Set(shuffled(all, Number(values.seed)).slice(0, Number(values.sample)));
  return all.filter((mutant) => chosen.has(mutant));
}

function lastReport() {
  return JSON.parse(readFileSync(REPORT, 'utf8'));
}

/** What survived or was not reached in the last run, if its code is still there. */
function survivorsAmong(all) {
  const survived = new Set(lastReport().filter(isLeft).map(keyOf));
  return all.filter((mutant) => survived.has(keyOf(mutant)));
}

function isLeft({ status }) {
  return status === 'survived' || status === 'not reached' || status === 'equivalent';
}

/** Survivors whose code has gone do not count any longer. */
function wasRetried(mutant) {
  return isLeft(mutant) && paths.some((path) => isWithin(mutant.file, path));
}

function keyOf({ file, code, from, to }) {
  return JSON.stringify([file, code, from, to]);
}

/** The same order for the same seed. */
function shuffled(items, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map((item) => [random(), item])
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}
