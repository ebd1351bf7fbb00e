/** What a command takes: itself and all the processes that it starts. */

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Seconds. */
export interface Sample {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs a command of the shell to its end, its output at the end of a file. */
export async function measured(command: string, output: string): Promise<Sample> {
  // `times` counts what the shell has waited for, and what that has waited for.
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

/** Runs a command, and kills it with all it has started when it has printed so many lines. */
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

/** The sample whose wall time is in the middle. */
export function median(samples: readonly Sample[]): Sample {
  const sorted = samples.toSorted((one, other) => one.wall - other.wall);
  return sorted[Math.floor(sorted.length / 2)] as Sample;
}
