/** A program that uses a thread and ends without closing it: an idle thread keeps nothing alive. */

import { TaskPool } from 'xstate-taskpool';
import { threads } from 'xstate-taskpool/threads';
import type * as Work from './work.ts';

const work = threads<typeof Work>(new URL('./work.js', import.meta.url), { max: 1 });
const pool = new TaskPool();
console.log(await pool.map(work.echo, ['done']).results());
