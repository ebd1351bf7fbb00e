/** Runs test processes, which may hang or die, until each mutant has been tried. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyEquivalent } from './equivalent.js';

/** A process that starts no other test for so long, in milliseconds, has an endless loop. */
const HANGS = 30_000;

const RUNNING = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const { pid } of RUNNING) process.kill(-pid, 'SIGKILL');
    process.kill(process.pid, signal);
  });
}

/** Records which test reaches which mutants, unless that is known of the given state of all files. */
export async function cover(folder, sources, state) {
  const path = join(folder, 'state');
  if (existsSync(path) && readFileSync(path, 'utf8') === state) return;
  const results = join(folder, 'covered.jsonl');
  const files = filesIn(folder, sources);
  rmSync(files.coverage, { force: true });
  await started(join(folder, 'cover'), { ...files, results }).ended;
  if (!existsSync(files.coverage)) throw new Error(`no tests were run; see ${folder}/cover.log`);
  for (const { skipped, ms, problem } of linesOf(results)) {
    console.log(`not used: ${skipped}, ${Math.round(ms)} ms, ${problem ?? 'too slow'}`);
  }
  writeFileSync(path, state);
}

/** All mutants with their `status`: noticed, survived, not reached, equivalent. */
export async function tryAll(mutants, { processes, budget }, folder, sources) {
  const shares = Array.from({ length: processes }, (_, share) =>
    // Neighbours are noticed by the same tests, so each process gets a block.
    mutants.slice(
      Math.floor((share * mutants.length) / processes),
      Math.floor(((share + 1) * mutants.length) / processes),
    ),
  );
  const tried = await Promise.all(
    shares.map((share, n) =>
      tryShare(share, join(folder, `share-${n}`), { ...filesIn(folder, sources), budget }),
    ),
  );
  return tried.flat();
}

async function tryShare(mutants, name, files) {
  const results = `${name}.jsonl`;
  const done = new Map();
  const disturbed = new Set();
  for (;;) {
    const left = mutants.filter(({ id }) => !done.has(id));
    if (left.length === 0) break;
    const run = started(name, { ...files, results, mutants: left });
    const hung = await watched(run, results, (line) => report(line, mutants));
    const lines = linesOf(results);
    for (const line of lines) if (line.status !== undefined) done.set(line.id, line);
    const last = lines.findLast(({ begun }) => begun !== undefined)?.begun;
    if (last === undefined) throw new Error(`${name} has tried nothing; see ${name}.log`);
    if (done.has(last)) continue;
    // It has died or hung twice, or it hangs: so the mutant is noticed.
    if (hung || disturbed.has(last))
      done.set(last, { id: last, status: 'noticed', by: 'the end of the process' });
    disturbed.add(last);
  }
  return mutants.map((mutant) => {
    const { id, status, ...rest } = done.get(mutant.id);
    const equivalent = status !== 'noticed' && whyEquivalent(mutant) !== undefined;
    return { ...mutant, ...rest, status: equivalent ? 'equivalent' : status };
  });
}

/** Resolves with whether the process had to be killed. */
async function watched({ child, ended }, results, onLine) {
  let hung = false;
  let seen = 0;
  const look = () => {
    const lines = linesOf(results);
    for (const line of lines.slice(seen)) onLine(line);
    seen = lines.length;
    if (seen > 0 && Date.now() - statSync(results).mtimeMs > HANGS) {
      hung = true;
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  const timer = setInterval(look, 1000);
  await ended;
  clearInterval(timer);
  if (!hung) look();
  return hung;
}

function report({ id, status }, mutants) {
  if (status !== 'survived' && status !== 'not reached') return;
  const mutant = mutants.find((one) => one.id === id);
  const why = whyEquivalent(mutant);
  const { file, line, from, to } = mutant;
  console.log(
    `${status}${why === undefined ? '' : `, ${why}`}: ${file}:${line}\n  - ${from}\n  + ${to}`,
  );
}

function started(name, task) {
  const path = `${name}.json`;
  const log = openSync(`${name}.log`, 'w');
  writeFileSync(path, JSON.stringify(task));
  writeFileSync(task.results, '');
  const args = ['vitest', 'run', '--config', 'mutation/vitest.config.ts'];
  const child = spawn('npx', args, {
    env: { ...process.env, MUTATION_TASK: path },
    stdio: ['ignore', log, log],
    // With its children, it is a group that can be killed.
    detached: true,
  });
  RUNNING.add(child);
  const ended = once(child, 'close').finally(() => RUNNING.delete(child));
  return { child, ended };
}

const filesIn = (folder, sources) => ({ sources, coverage: join(folder, 'coverage.json') });

function linesOf(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}
