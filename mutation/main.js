/**
 * Changes the sources, one small thing at a time, and runs tests to see whether they notice:
 *
 *   npm run mutation                                  all mutants, which takes hours
 *   npm run mutation -- --sample 300 [--seed 7]       about 300 of them, by chance
 *   npm run mutation -- --mutate 'src/pool/results/*.ts'
 *
 * What else is given goes to Stryker, which is installed here when it is first needed.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installIn } from '../scripts/builder/packages.js';

const FOLDER = 'mutation';
/** Of these samples are taken. */
const SOURCES = ['src/machines', 'src/pool'];
/** A sample is made of pieces of so many lines, each with so many mutants on average. */
const LINES = 8;
const MUTANTS = 3;

const { values, tokens } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
  strict: false,
  tokens: true,
});
const others = tokens
  .filter(({ name }) => name !== 'sample' && name !== 'seed')
  .map(({ index }) => index);
const args = process.argv.slice(2).filter((_, index) => others.includes(index));

if (values.sample !== undefined) {
  const count = Math.ceil(Number(values.sample) / MUTANTS);
  const pieces = shuffled(SOURCES.flatMap(piecesBelow), Number(values.seed)).slice(0, count);
  args.push('--mutate', pieces.join(','));
}

await installIn(FOLDER);
const stryker = join(FOLDER, 'node_modules/.bin/stryker');
const child = spawn(stryker, ['run', `${FOLDER}/stryker.config.js`, ...args], { stdio: 'inherit' });
[process.exitCode] = await once(child, 'close');

/** Ranges of lines, as Stryker takes them. */
function piecesBelow(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) => {
    const file = join(folder, name);
    const { length } = readFileSync(file, 'utf8').split('\n');
    const starts = Array.from({ length: Math.ceil(length / LINES) }, (_, n) => n * LINES + 1);
    return starts.map((line) => `${file}:${line}-${line + LINES - 1}`);
  });
}

/** The same order for the same seed. */
function shuffled(items, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .sort()
    .map((item) => [random(), item])
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}
