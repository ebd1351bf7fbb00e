/** What the core has to do on every runtime. It uses nothing but the web platform, and no test runner. */

import {
  MemoryStore,
  type PoolEvent,
  PoolIsLocked,
  Queue,
  replay,
  SimpleTaskPool,
  type TaskContext,
  TaskPool,
} from 'xstate-taskpool';
import { poolMachine, taskMachine } from 'xstate-taskpool/machines';
import { recoverTaskPool } from 'xstate-taskpool/recovery';

/** A check by its name: what it found wrong, or nothing. */
export type Findings = Record<string, string | null>;

const stop = new Error('stop');
const silent = { info() {}, error() {} };
const newPool = (options = {}) => new TaskPool({ logger: silent, ...options });

const checks = {
  async 'maps in order, a few at a time'() {
    const pool = newPool({ poolSize: 3 });
    let running = 0;
    let most = 0;
    const square = async (n: number) => {
      most = Math.max(most, ++running);
      await sleep(1);
      running -= 1;
      return n * n;
    };
    const group = pool.map(square, [1, 2, 3, 4, 5], { numConcurrent: 5 });
    same(await group.results(), [1, 4, 9, 16, 25]);
    same(most, 3);
    await pool.gatherAndClose();
    same(pool.isClosed, true);
  },

  async 'takes items from an async source'() {
    async function* words() {
      yield 'a';
      await sleep(1);
      yield 'b';
    }
    const pool = newPool();
    const seen: string[] = [];
    for await (const word of pool.map(async (word: string) => word, words())) seen.push(word);
    same(seen, ['a', 'b']);
    await pool.gatherAndClose();
  },

  async 'cancels a task and a group'() {
    const pool = newPool({ poolSize: 2 });
    const group = pool.map(untilAborted, [1, 2], { numConcurrent: 2 });
    await sleep(1);
    pool.cancel(0);
    pool.cancelGroup(group, stop);
    same(
      (await group.settled()).map(({ status }) => status),
      ['cancelled', 'cancelled'],
    );
    await pool.gatherAndClose();
    same(pool.totals.cancelled, 2);
  },

  async 'ends every wait with its signal'() {
    const { signal, abort } = abortable();
    const pool = newPool({ poolSize: 1 });
    pool.apply(untilAborted);
    pool.apply(untilAborted);
    const queue = new Queue<string>({ maxsize: 1 });
    queue.putNowait('full');
    const waits = [
      pool.untilIdle({ signal }),
      pool.untilClosed({ signal }),
      pool.untilSizeBelow(1, { signal }),
      new Queue().get({ signal }),
      queue.put('more', { signal }),
      queue.join({ signal }),
    ];
    const reasons = Promise.all(waits.map((wait) => wait.catch((reason: unknown) => reason)));
    await sleep(1);
    abort();
    same(
      (await reasons).map((reason) => reason === stop),
      Array(6).fill(true),
    );
    pool.cancelAll();
    await pool.gatherAndClose();
  },

  async 'cancels a group, and a pool, with its signal'() {
    const [ofGroup, ofPool] = [abortable(), abortable()];
    const pool = newPool({ poolSize: 2, signal: ofPool.signal });
    const first = pool.apply(untilAborted, [], { signal: ofGroup.signal }).settled();
    const second = pool.apply(untilAborted).settled();
    await sleep(1);
    ofGroup.abort();
    same((await first)[0]?.status, 'cancelled');
    ofPool.abort();
    same((await second)[0]?.status, 'cancelled');
    await pool.untilClosed();
  },

  async 'ends a call with a timeout of its own'() {
    const pool = newPool();
    const call = (_: number, { signal }: TaskContext) =>
      untilAborted({ signal: AbortSignal.any([signal, AbortSignal.timeout(5)]) });
    const group = pool.map(call, [1]);
    const [result] = await group.settled();
    same(result?.status, 'rejected');
    await pool.gatherAndClose({ returnExceptions: true });
  },

  async 'keeps failures until they are asked for'() {
    const pool = newPool();
    pool.apply(async () => {
      throw stop;
    });
    const error = await pool.gatherAndClose().catch((reason: unknown) => reason);
    same(error === stop, true);
  },

  async 'refuses work when it is locked'() {
    const pool = newPool();
    pool.lock();
    let error: unknown;
    try {
      pool.apply(async () => 1);
    } catch (thrown) {
      error = thrown;
    }
    same(error instanceof PoolIsLocked, true);
    await pool.gatherAndClose();
  },

  async 'shares a queue between workers'() {
    const queue = new Queue<number>();
    const seen: number[] = [];
    const worker = async ({ signal }: TaskContext) => {
      for await (const item of queue.items({ signal })) seen.push(item);
    };
    const pool = new SimpleTaskPool(worker, [], { logger: silent });
    pool.start(2);
    for (const n of [1, 2, 3]) await queue.put(n);
    await queue.join();
    same(seen.sort(), [1, 2, 3]);
    pool.stopAll();
    await pool.gatherAndClose();
  },

  async 'has actors, and charts'() {
    const pool = newPool();
    pool.map(untilAborted, [1]);
    await sleep(1);
    const { actor } = pool.task(0);
    same(actor.getSnapshot().value, { running: 'active' });
    pool.cancelAll();
    await pool.gatherAndClose();
    same(actor.getSnapshot().status, 'done');
    same([taskMachine.id, poolMachine.id], ['task', 'pool']);
  },

  async 'replays what it did'() {
    const pool = newPool({ name: 'replayed' });
    await pool.map(async (n: number) => n, [1, 2, 3]).results();
    same(replay(pool.journal), pool.snapshot());
    await pool.gatherAndClose();
  },

  async 'goes on with the work of another pool'() {
    const functions = { double: async (n: number) => 2 * n };
    const first = newPool({ functions, journal: new MemoryStore(), poolSize: 0 });
    first.map(functions.double, [1, 2, 3]);
    await sleep(1);
    const store = new MemoryStore();
    await store.append(JSON.parse(JSON.stringify([...first.journal])) as PoolEvent[]);
    const second = await recoverTaskPool(store, { functions, poolSize: 1, logger: silent });
    await second.gatherAndClose();
    same(second.totals.fulfilled, 3);
  },
} satisfies Record<string, () => Promise<void>>;

/** The names of the checks. */
export const CHECKS = Object.keys(checks);

/** How long a check may take, in milliseconds: only one that hangs takes as long. */
const PATIENCE = 60_000;

/** Makes every check; a check that takes too long has failed. */
export async function selfTest(): Promise<Findings> {
  const findings: Findings = {};
  for (const [name, check] of Object.entries(checks)) {
    let timer: unknown;
    const tooLong = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('it did not end')), PATIENCE);
    });
    findings[name] = await Promise.race([check(), tooLong]).then(
      () => null,
      (error: unknown) => String(error),
    );
    clearTimeout(timer as number);
  }
  return findings;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(stop) };
}

function untilAborted(...args: unknown[]): Promise<never> {
  const { signal } = args.at(-1) as { readonly signal: AbortSignal };
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function same(actual: unknown, expected: unknown): void {
  const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value));
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}
