/** What `submit` takes, and what its promise is of. */

import { TaskPool } from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool({ limits: { host: { concurrent: 2 } } });
const add = async (a: number, b: number) => a + b;

const sum = pool.submit(add, [1, 2]);
check<Equal<typeof sum, Promise<number>>>();
const text = pool.submit(() => 'text');
check<Equal<typeof text, Promise<string>>>();

// The context comes last, typed, and may be left out.
const named = pool.submit((n: number, { signal, id }) => [n, signal.aborted, id] as const, [1]);
check<Equal<typeof named, Promise<readonly [number, boolean, number]>>>();

// @ts-expect-error an argument of another type
void pool.submit(add, [1, '2']);
// @ts-expect-error an argument is missing
void pool.submit(add, [1]);

const options = {
  groupName: 'sums',
  signal: AbortSignal.timeout(1),
  priority: 3,
  timeout: 100,
  waitTimeout: 100,
  deadline: 1000,
  retry: { limit: 2, delay: 1 },
  limits: { host: 'a' },
  unique: 'sum',
  onDuplicate: 'replace',
  endCallback: (id: number) => id,
  asyncContext: false,
} as const;
void pool.submit(add, [1, 2], options);
// @ts-expect-error one task has no siblings
void pool.submit(add, [1, 2], { onError: 'stop' });
// @ts-expect-error a key is a value
void pool.submit(add, [1, 2], { limits: { host: () => 'a' } });
// @ts-expect-error there is no such limit
void pool.submit(add, [1, 2], { limits: { port: 1 } });
// @ts-expect-error there is no such way
void pool.submit(add, [1, 2], { unique: 'a', onDuplicate: 'queue' });
