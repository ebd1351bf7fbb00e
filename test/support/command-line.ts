/** Runs the built command `taskpool` to its end. */

import { spawn } from 'node:child_process';
import { MAIN } from './built.ts';
import { runInHost } from './hosts.ts';

/** How a run ended, and its output. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole of stdin. Default: empty. */
  readonly input?: string;
  readonly cwd?: string;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs `taskpool ARGS` in a process that is reused for other runs: stdin is a stream, stdout and stderr are files. If
 * it matters how the process is started or ends, use `taskpoolProcess` or `Live`.
 */
export async function taskpool(
  args: readonly string[],
  { input = '', cwd = process.cwd(), env = {} }: RunOptions = {},
): Promise<Ended> {
  const run = { args, cwd, input, env: { ...process.env, ...env } };
  const { exitCode, stdout, stderr } = await runInHost(run);
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** Runs `taskpool ARGS` as a separate process, without a terminal. */
export function taskpoolProcess(
  args: readonly string[],
  { input = '', cwd = '.', env = {} }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    timeout: 180_000,
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
