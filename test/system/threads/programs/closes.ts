/** Prints how many threads there are besides those of before: while some are open, and once they are closed. */

import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { threads } from 'xstate-taskpool/threads';
import type * as Work from './work.ts';

const TASKS = '/proc/self/task';
const size = (): number => readdirSync(TASKS).length;

// The threads for files are started by the first file.
await readdir(TASKS);
const before = size();
const work = threads<typeof Work>(new URL('./work.js', import.meta.url), { min: 2, max: 2 });
const gate = new SharedArrayBuffer(4);
const calls = [work.through(gate), work.through(gate)];
// A call that waits begins when both threads do.
const third = work.echo('third');
Atomics.store(new Int32Array(gate), 0, 1);
await Promise.all([...calls, third]);
const open = size() - before;
await work.close();
const left = size() - before;
console.log(`${open} more, ${left} more`);
