/** Functions in threads, from the built programs of tests. */

import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Threads, type ThreadsOptions, threads } from 'xstate-taskpool/threads';
import type * as Work from '../system/threads/programs/work.ts';
import { builtProgram } from './built.ts';

export type WorkInThreads = Threads<typeof Work>;

/** The URL of a program for tests of threads. */
export function programUrl(name: string): URL {
  return pathToFileURL(builtProgram(`test/system/threads/programs/${name}.ts`));
}

/** Creates functions whose threads end with the test. */
export function workInThreads(options: ThreadsOptions = {}): WorkInThreads {
  const work = threads<typeof Work>(programUrl('work'), { max: 2, ...options });
  onTestFinished(() => work.close({ grace: 0 }));
  return work;
}
