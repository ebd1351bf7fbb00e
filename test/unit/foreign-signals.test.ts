/** Signals that the platform did not make, and reasons that are no errors. */

import { beforeEach, describe, expect, test } from 'vitest';
import { Queue, type TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

/** As the packages make it that brought `AbortSignal` to older platforms: no reason, no `throwIfAborted`. */
class OldSignal extends EventTarget {
  aborted = false;

  abort(): void {
    this.aborted = true;
    this.dispatchEvent(new Event('abort'));
  }
}

/** One whose reason cannot be read. */
function unreadable(): AbortController {
  const controller = new AbortController();
  Object.defineProperty(controller.signal, 'reason', {
    get() {
      throw new Error('not to be read');
    },
  });
  return controller;
}

type Wait = (pool: TaskPool, signal: AbortSignal) => unknown;

/** Everything that takes a signal and rejects with its reason. */
const WAITS: readonly [string, Wait][] = [
  ['apply', (pool, signal) => pool.apply(untilAborted, [], { signal }).results()],
  ['submit', (pool, signal) => pool.submit(untilAborted, [], { signal })],
  ['a submission that joins', (pool, signal) => joining(pool, signal)],
  ['untilIdle', (pool, signal) => pool.untilIdle({ signal })],
  ['untilSizeBelow', (pool, signal) => pool.untilSizeBelow(1, { signal })],
  ['untilClosed', (pool, signal) => pool.untilClosed({ signal })],
  ['get', (_, signal) => new Queue().get({ signal })],
  ['put', (_, signal) => fullQueue().put(2, { signal })],
  ['lease', (_, signal) => new Queue().lease({ signal })],
  ['join', (_, signal) => fullQueue().join({ signal })],
  ['sleep', (_, signal) => new SimulatedClock().sleep(1_000, { signal })],
];

/** Everything whose error has the reason as its cause. */
const WRAPPED: readonly [string, Wait][] = [
  ['results', (pool, signal) => pool.apply(untilAborted).results({ signal })],
  ['settled', (pool, signal) => pool.apply(untilAborted).settled({ signal })],
  ['first', (pool, signal) => pool.apply(untilAborted).first({ signal })],
];

let pool: TaskPool;

beforeEach(() => {
  pool = taskPool({ poolSize: 1 });
  pool.apply(untilAborted, [], { num: 2 });
  return async () => {
    pool.cancelAll();
    await pool.gatherAndClose();
  };
});

describe.each([
  ['that is older than reasons', () => new OldSignal() as unknown as AbortController & AbortSignal],
  ['whose reason cannot be read', unreadable],
])('a signal %s', (_, make) => {
  const begun = async (wait: Wait, isAborted: boolean) => {
    const made = make();
    const signal = 'signal' in made ? made.signal : made;
    if (isAborted) made.abort();
    await turn();
    const waiting = Promise.allSettled([wait(pool, signal)]);
    await turn();
    if (!isAborted) made.abort();
    const [{ reason }] = (await waiting) as [PromiseRejectedResult];
    return reason;
  };
  const abortError = { name: 'AbortError', message: 'This operation was aborted' };

  test.each(WAITS)('ends %s as an abort without a reason does', async (_name, wait) => {
    expect(await begun(wait, false)).toMatchObject(abortError);
    expect(await begun(wait, true)).toMatchObject(abortError);
  });

  test.each(WRAPPED)('is the cause of what %s rejects with', async (_name, wait) => {
    expect(await begun(wait, false)).toMatchObject({ name: 'GaveUpWaiting', cause: abortError });
    expect(await begun(wait, true)).toMatchObject({ name: 'GaveUpWaiting', cause: abortError });
  });
});

test.each([null, 0, '', 'why', { code: 1 }])('a reason may be %j', async (reason) => {
  for (const [, wait] of WAITS) {
    const controller = new AbortController();
    await turn();
    const waiting = Promise.allSettled([wait(pool, controller.signal)]);
    controller.abort(reason);
    expect(await waiting).toEqual([{ status: 'rejected', reason }]);
  }
});

test.each([5, 'now', {}, new AbortController(), new EventTarget()])(
  'what is no signal is refused by whatever takes one: %o',
  async (none) => {
    const signal = none as unknown as AbortSignal;
    for (const [name, wait] of [...WAITS, ...WRAPPED]) {
      const refusal = Promise.resolve().then(() => wait(pool, signal));
      await expect(refusal, name).rejects.toThrow(/^expected signal to be an AbortSignal, got /);
    }
  },
);

function fullQueue(): Queue<number> {
  const queue = new Queue<number>({ maxsize: 1 });
  queue.putNowait(1);
  return queue;
}

function joining(pool: TaskPool, signal: AbortSignal): Promise<unknown> {
  pool.submit(untilAborted, [], { unique: 'one' }).catch(() => {});
  return pool.submit(untilAborted, [], { unique: 'one', signal });
}
