/** What groups and handles of tasks give. */

import { type PoolStatus, type TaskHandle, TaskPool, type TaskResult } from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool();
const group = pool.map(async (n: number) => `${n}`, [1]);
const signal = AbortSignal.abort();

const first = group.first();
check<Equal<typeof first, Promise<string>>>();
void group.first({ signal });
// @ts-expect-error an option there is not
void group.first({ timeout: 5 });

const ordered = group.ordered({ buffer: 5 });
check<Equal<typeof ordered, AsyncGenerator<string, void, undefined>>>();
void group.ordered();
// @ts-expect-error a buffer is a number
void group.ordered({ buffer: '5' });

const results = group.results({ signal });
check<Equal<typeof results, Promise<string[]>>>();
const settled = group.settled({ signal });
check<Equal<typeof settled, Promise<TaskResult<string>[]>>>();

const stopped = group.stop();
check<Equal<typeof stopped, void>>();
const cancelled = group.cancelQueued('why');
check<Equal<typeof cancelled, void>>();
group.pause();
group.resume();
// @ts-expect-error takes no reason
group.stop('why');
group.priority = 2;
// @ts-expect-error a number
group.priority = 'high';

const task = pool.task(0);
check<Equal<typeof task, TaskHandle>>();
const result = task.result({ signal });
check<Equal<typeof result, Promise<unknown>>>();
const isCancelled = task.cancel('why');
check<Equal<typeof isCancelled, boolean>>();
check<Equal<typeof task.queuedAt, number>>();
check<Equal<typeof task.startedAt, number | undefined>>();
check<Equal<typeof task.endedAt, number | undefined>>();

pool.map((n: number) => n, [1], { onError: 'stop' });
pool.map((n: number) => n, [1], { keepResults: { maxBytes: 5 } });
pool.map((n: number) => n, [1], { retry: { limit: 1, when: (_, { attempt }) => attempt < 3 } });
// @ts-expect-error there is no such way
pool.map((n: number) => n, [1], { onError: 'ignore' });
// @ts-expect-error it takes a limit
pool.map((n: number) => n, [1], { retry: { delay: 5 } });
// @ts-expect-error a number, or none
pool.map((n: number) => n, [1], { timeout: '5s' });

check<Equal<typeof pool.status, PoolStatus>>();
check<Equal<typeof pool.isPaused, boolean>>();
const paused = pool.pause();
check<Equal<typeof paused, void>>();
pool.resume();
pool.cancelQueued('why');
// @ts-expect-error read only
pool.status = 'locked';
// @ts-expect-error read only
pool.isPaused = true;
