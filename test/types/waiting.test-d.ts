/** Defaults, priorities and explanations of a pool. */

import { type DefaultOptions, type Explanation, TaskPool } from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool({
  limits: { host: { concurrent: 2, rate: { max: 5, per: 1_000, spread: true } } },
  defaults: { timeout: 5, retry: 2, numConcurrent: 3, limits: { host: 'a' }, keepResults: true },
});
check<Equal<typeof pool.defaults, DefaultOptions>>();
// @ts-expect-error they are set with the pool
pool.defaults.timeout = 6;
// @ts-expect-error a name is given by each call
new TaskPool({ defaults: { groupName: 'all' } });
// @ts-expect-error a signal is given by each call
new TaskPool({ defaults: { signal: AbortSignal.abort() } });
// @ts-expect-error a key is a value
new TaskPool({ limits: { host: {} }, defaults: { limits: { host: () => 'a' } } });

const { host } = pool.limits;
host.concurrent = 5;
host.rate = { max: 1, per: 2 };
host.rate = undefined;
host.pause('key', 1_000);
// @ts-expect-error how long is to be said
host.pause('key');
// @ts-expect-error a rate has a window
host.rate = { max: 1 };

for (const what of [3, 'a name or a key', pool.group('name')]) {
  const explanation = pool.explain(what);
  check<Equal<typeof explanation, Explanation>>();
}
const { reason, index, since } = pool.explain(1);
check<Equal<typeof index, number | undefined>>();
check<Equal<typeof since, number | undefined>>();
// A reason says what there is to say, and no more.
if (reason.why === 'limit') check<Equal<typeof reason.limit, string>>();
if (reason.why === 'unique') check<Equal<typeof reason.key, string>>();
if (reason.why === 'delayed') check<Equal<typeof reason.until, number>>();
// @ts-expect-error only of a limit
reason.limit;
// @ts-expect-error nothing to explain
pool.explain();

pool.setPriority(3, 5);
pool.setPriority('key', 5);
// @ts-expect-error a priority is a number
pool.setPriority(3, 'high');

const durable = pool.untilDurable();
check<Equal<typeof durable, Promise<void>>>();
void pool.untilSizeBelow(5, { signal: AbortSignal.abort() });
void pool.gatherAndClose({ signal: AbortSignal.abort(), grace: 5 });
void pool.suspend({ grace: 5, reason: new Error('deploy') });
// @ts-expect-error a number of milliseconds
void pool.suspend({ grace: '5s' });
