/** The command `taskpool`, built, and run as a process of its own. */

import { spawn } from 'node:child_process';
import { MAIN } from './built.ts';

/** How a process ended, and what it had said. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** All of stdin; without it stdin is empty. */
  readonly input?: string;
  readonly cwd?: string;
  /** Besides the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `taskpool ARGS` to its end, without a terminal. */
export function taskpool(
  args: readonly string[],
  { input = '', cwd = '.', env = {} }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  // It may have ended without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, ...said }));
  });
}
