/** The dashboard of a recorded journal, served by the command line. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { MAIN } from '../built.ts';
import type { Served } from './bundle.ts';

/** Starts `taskpool dashboard JOURNAL`, and ends it with what is served. */
export async function serveRecorded(journal: string): Promise<Served> {
  const child = spawn(process.execPath, [MAIN, 'dashboard', journal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout);
  const [url] = await Promise.race([once(lines, 'line'), ended]);
  if (typeof url !== 'string') throw new Error(`expected a link, got the exit code ${url}`);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
