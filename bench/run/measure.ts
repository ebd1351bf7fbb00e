/** Measures a command, including all the processes that it starts. */

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Seconds. */
export interface Sample {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs a shell command to its end, appending its output to a file. */
export async function measured(command: string, output: string): Promise<Sample> {
  // `times` includes the children that the shell has waited for, and theirs.
  const script = `{ ${command}; } >> '${output}'; code=$?; times >&3; exit $code`;
  const started = performance.now();
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  let times = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    times += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`expected ${command} to succeed, got exit code ${String(code)}`);
  const wall = (performance.now() - started) / 1000;
  return { wall, cpu: secondsIn(times.split('\n')[1] ?? '') };
}

/** `0m1.234s 0m0.567s`, user and system. */
function secondsIn(line: string): number {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

/** Runs a command, and kills it and all its processes when it has printed a number of lines. */
export async function killed(command: string, output: string, lines: number): Promise<number> {
  const fd = openSync(output, 'a');
  const child = spawn('bash', ['-c', command], {
    detached: true,
    stdio: ['ignore', fd, 'ignore'],
  });
  closeSync(fd);
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (countLines(output) < lines) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill(-(child.pid as number), 'SIGKILL');
  await ended;
  return countLines(output);
}

function countLines(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 1;
}

/** The sample with the median wall time. */
export function median(samples: readonly Sample[]): Sample {
  const sorted = samples.toSorted((one, other) => one.wall - other.wall);
  return sorted[Math.floor(sorted.length / 2)] as Sample;
}
