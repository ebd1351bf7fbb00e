/**
 * Runs a program of the documentation in a thread of its own, which ends by itself as a process does:
 * when nothing is left to wait for.
 */

import { Worker } from 'node:worker_threads';

/** How long a program may take, in milliseconds. */
const PATIENCE = 120_000;

export interface ProgramEnd {
  /** 0 if all is well. */
  readonly code: number;
  readonly stdout: string;
  /** With what was not caught. */
  readonly stderr: string;
}

/** Runs a program in the folder of the tests. */
export function runProgram(program: string): Promise<ProgramEnd> {
  const thread = new Worker(program, { stdin: true, stdout: true, stderr: true });
  thread.stdin?.end();
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    thread[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  let uncaught = '';
  thread.once('error', (error: unknown) => {
    uncaught = String(error instanceof Error ? error.stack : error);
  });
  const timer = setTimeout(() => void thread.terminate(), PATIENCE);
  return new Promise((resolve) => {
    thread.once('exit', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: said.stdout, stderr: said.stderr + uncaught });
    });
  });
}
