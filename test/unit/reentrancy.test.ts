/** Subscribers may do anything to the pool that notifies them: whatever was called still ends. */

import { expect, test } from 'vitest';
import { type EventType, replay, TaskPool } from 'xstate-taskpool';
import { actors, Log, untilAborted } from '../support/pools.ts';

const same = async (value: unknown) => value;
const fail = async () => Promise.reject(new Error('failed'));
async function flaky({ attempt }: { attempt: number }): Promise<void> {
  if (attempt === 1) throw new Error('once');
}

const makePool = (logger: Log) =>
  new TaskPool({ actors, logger, poolSize: 2, limits: { l: { concurrent: 2 } } });
type Pool = ReturnType<typeof makePool>;

const ignored = (promise: Promise<unknown>) => void promise.catch(() => {});
const groupsOf = (pool: Pool) =>
  pool
    .snapshot()
    .groups.filter(({ source }) => source !== 'cancelled')
    .map(({ name }) => pool.group(name));

/** What happens in a pool that nobody interferes with, and what most of the interferences lead to. */
const OCCURRING: readonly EventType[] = [
  ...(['group.created', 'group.exhausted', 'group.cancelled'] as const),
  ...(['task.queued', 'task.started', 'task.ended', 'task.failed', 'task.requeued'] as const),
  ...(['task.timedOut', 'task.cancelling', 'task.cancelled', 'pool.closing'] as const),
];

/** What a subscriber does, within each event of a type. */
const DOINGS: Record<string, (pool: Pool) => unknown> = {
  'cancels everything': (pool) => pool.cancelAll('by a subscriber'),
  'cancels each group': (pool) => {
    for (const group of groupsOf(pool)) group.cancel('by a subscriber');
  },
  'cancels each task': (pool) => {
    for (const { id } of pool.snapshot().tasks) pool.task(id).cancel('by a subscriber');
  },
  'closes the pool': (pool) => ignored(pool.gatherAndClose()),
  'flushes it': (pool) => ignored(pool.flush()),
  'resizes it': (pool) => pool.resize(pool.poolSize === 1 ? 3 : 1),
  'pauses and resumes it': (pool) => {
    pool.pause();
    pool.resume();
  },
  'changes a limit': (pool) => {
    pool.limits.l.concurrent = pool.limits.l.concurrent === 1 ? 2 : 1;
  },
  'changes priorities': (pool) => {
    for (const group of groupsOf(pool)) group.priority = -group.priority + 1;
  },
  'pauses and resumes each group': (pool) => {
    for (const group of groupsOf(pool)) {
      group.pause();
      group.resume();
    }
  },
  'replaces a submission': (pool) => {
    if (!pool.isLocked) ignored(pool.submit(same, [1], { unique: 'k', onDuplicate: 'replace' }));
  },
  'looks at actors': (pool) => {
    for (const { id } of pool.snapshot().tasks) pool.task(id).actor.getSnapshot();
  },
  throws: () => {
    throw new Error('by a subscriber');
  },
};

/** Work of every kind. What is refused, as the pool was closed meanwhile, is no matter. */
function* work(pool: Pool): Generator<() => unknown> {
  yield () => pool.map(same, [1, 2, 3, 4], { limits: { l: 'a' } }).settled();
  yield () => pool.apply(flaky, [], { num: 2, retry: { limit: 1, delay: 0 } }).settled();
  yield () => pool.apply(fail, [], { num: 2, onError: 'cancel' }).settled();
  yield () => pool.apply(untilAborted, [], { timeout: 1 }).settled();
  yield () => pool.submit(same, [1], { unique: 'k' });
  yield () => pool.submit(same, [2], { unique: 'k', onDuplicate: 'replace', limits: { l: 'a' } });
  yield () => pool.submit(same, [3], { groupName: 'own', priority: 1 });
}

test.each(Object.entries(DOINGS))('one who %s', async (_, act) => {
  const lives = OCCURRING.map(async (type) => {
    const log = new Log();
    const pool = makePool(log);
    let left = 100;
    pool.on(type, () => {
      if (left-- > 0 && !pool.isClosed) act(pool);
    });
    await Promise.allSettled(Array.from(work(pool), async (call) => call()));
    await pool.gatherAndClose({ returnExceptions: true });
    expect(pool, type).toMatchObject({ isClosed: true, numPending: 0, numRunning: 0 });
    expect(replay(pool.journal), type).toEqual(pool.snapshot());
    return log.lines;
  });
  const logged = (await Promise.all(lives)).flat();
  const thrown = logged.map(([, error]) => (error as Error).message);
  expect(thrown.filter((message) => message !== 'by a subscriber')).toEqual([]);
});
