/**
 * Programs in which much goes wrong and nobody listens. Those that are named run one after the other, and
 * each prints what it could gather in the end: see `unhandled.test.ts`.
 */

import { type PoolOptions, SimpleTaskPool, type TaskContext, TaskPool } from 'xstate-taskpool';

/** What a program prints. */
export interface Report {
  /** The messages of the errors that `gatherAndClose` had, or what was thrown if no error. */
  readonly gathered: readonly unknown[];
  /** What else it has seen. */
  readonly seen: readonly unknown[];
}

export type Program = keyof typeof programs;

/** What the program that runs has seen. */
let seen: unknown[] = [];
const logger = { info: () => {}, error: (text: unknown) => seen.push(text) };

function newPool(options: PoolOptions = {}): TaskPool {
  const actors = process.env['TASKPOOL_ACTORS'] === 'eager' ? 'eager' : 'lazy';
  return new TaskPool({ actors, logger, ...options });
}

const error = (text: unknown) => new Error(`no ${text}`);
const rejecting = (item?: unknown) => Promise.reject(error(item));
const throwing = (item?: unknown) => {
  throw error(item);
};
const late = async (item?: unknown) => {
  await turns(2);
  throw error(item);
};
async function turns(number = 5): Promise<void> {
  for (let i = 0; i < number; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
const untilAborted = ({ signal }: TaskContext) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

const programs = {
  'tasks fail': async (pool) => {
    pool.map(rejecting, [1, 2]);
    pool.map(throwing, [3]);
    pool.starmap(late, [[4]]);
    pool.apply(() => late(5), [], { num: 2 });
  },
  'tasks throw what is no error': async (pool) => {
    const things = [undefined, null, 0, 'text', { toString: null }, Symbol('s')];
    pool.map((item: unknown) => Promise.reject(item), things);
  },
  'tasks throw what cannot be read': async (pool) => {
    const unreadable = Object.defineProperty(new Error('no'), 'message', { get: throwing });
    const { proxy, revoke } = Proxy.revocable(() => {}, {});
    revoke();
    pool.map((item: unknown) => Promise.reject(item), [unreadable, proxy]);
    await turns();
    seen.push(pool.numRunning);
  },
  'a task fails with several errors': async (pool) => {
    pool.apply(() => Promise.any([rejecting(1), rejecting(2)]));
  },
  'thenables fail': async (pool) => {
    pool.map(
      (item: object) => item,
      [
        // biome-ignore lint/suspicious/noThenProperty: that is what is tried
        { then: () => throwing('then') },
        // biome-ignore lint/suspicious/noThenProperty: that is what is tried
        { then: (_: unknown, reject: (reason: unknown) => void) => reject(error('then')) },
        Object.defineProperty({}, 'then', { get: throwing }),
      ],
    );
  },
  'callbacks throw': async (pool) => {
    pool.on('callback.failed', ({ id, callback }) => seen.push(`${callback} ${id}`));
    pool.apply(async () => {}, [], { endCallback: throwing });
    pool.apply(async () => {}, [], { endCallback: late });
    pool.apply(untilAborted, [], { endCallback: rejecting, cancelCallback: throwing });
    await turns();
    pool.cancel(2);
  },
  'sources throw': async (pool) => {
    const synchronous = (next: () => never) => ({ [Symbol.iterator]: () => ({ next }) });
    const asynchronous = (next: () => Promise<never>) => ({
      [Symbol.asyncIterator]: () => ({ next }),
    });
    pool.map(
      rejecting,
      synchronous(() => throwing('next')),
    );
    pool.map(
      rejecting,
      asynchronous(() => rejecting('async next')),
    );
    pool.map(rejecting, { [Symbol.iterator]: () => throwing('iterator') });
    pool.map(rejecting, { [Symbol.asyncIterator]: () => throwing('async iterator') });
  },
  'sources give what no iterator gives': async (pool) => {
    const wrong = undefined as unknown as IteratorResult<number>;
    pool.map(late, { [Symbol.iterator]: () => ({ next: () => wrong }) });
    pool.map(late, { [Symbol.asyncIterator]: () => ({ next: async () => wrong }) });
    const text = 'text' as unknown as IteratorResult<number>;
    pool.map(late, { [Symbol.iterator]: () => ({ next: () => text }) });
    pool.map(late, { [Symbol.asyncIterator]: () => ({ next: async () => text }) });
    pool.on('task.queued', () => seen.push('a task'));
    await turns();
    pool.cancelAll();
  },
  'sources throw when they are closed': async (pool) => {
    const next = () => ({ done: false as const, value: 1 });
    const wait = (_: number, context: TaskContext) => untilAborted(context);
    for (const end of [throwing, rejecting, late]) {
      pool.map(wait, { [Symbol.iterator]: () => ({ next, return: end as () => never }) });
      pool.map(wait, { [Symbol.asyncIterator]: () => ({ next: async () => next(), return: end }) });
    }
    await turns();
    seen.push(pool.numRunning);
    pool.cancelAll();
  },
  'a source throws after its group was cancelled': async (pool) => {
    const next = async () => {
      await turns(3);
      return throwing('next');
    };
    pool.map(rejecting, { [Symbol.asyncIterator]: () => ({ next }) });
    await turns(1);
    pool.cancelAll();
    await turns();
  },
  'promises of results are dropped': async (pool) => {
    const group = pool.map(late, [1, 2]);
    void group.results();
    void group.results();
    void group.settled();
    void pool.map(rejecting, [3]).settled();
    const broken = pool.map(rejecting, { [Symbol.iterator]: () => throwing('items') });
    void broken.results();
    const cancelled = pool.apply(untilAborted, []);
    void cancelled.results();
    await turns();
    cancelled.cancel();
    void pool.apply(() => late(4)).results();
  },
  'results that were not retained are asked for': async () => {
    const pool = newPool({ retain: 'none' });
    const group = pool.apply(async () => 1);
    await pool.untilIdle();
    void group.results();
    void group.settled();
    await turns();
    await pool.gatherAndClose();
  },
  'iterations are left and dropped': async (pool) => {
    const group = pool.map(late, [1, 2, 3], { numConcurrent: 3 });
    void group[Symbol.asyncIterator]();
    const iterator = group[Symbol.asyncIterator]();
    await iterator.next().catch((reason: Error) => seen.push(reason.message));
    const others = pool.map((item: number) => (item === 2 ? rejecting(item) : item), [1, 2]);
    await pool.untilIdle();
    for await (const _ of others) break;
    await pool.map(rejecting, [4])[Symbol.asyncIterator]().return(undefined);
  },
  'subscribers throw': async (pool) => {
    const off = pool.on('*', throwing);
    pool.on('task.ended', ({ id }) => seen.push(id));
    await pool.map(async () => {}, [1]).results();
    off();
  },
  'asynchronous subscribers fail': async (pool) => {
    pool.on('task.ended', rejecting);
    pool.map(async () => {}, [1]);
  },
  'the logger throws': async () => {
    const noLogger = { info: throwing, error: throwing };
    const pool = newPool({ logger: noLogger });
    pool.apply(async () => {}, [], { endCallback: throwing });
    pool.on('task.started', throwing);
    pool.on('pool.closed', () => seen.push('closed'));
    await pool.gatherAndClose();
  },
  'everything is cancelled': async (pool) => {
    pool.apply(untilAborted, [], { num: 3 });
    pool.map(rejecting, []);
    await turns();
    pool.cancelAll(error('more'));
  },
  'the signal of the pool is aborted': async () => {
    const controller = new AbortController();
    const pool = newPool({ signal: controller.signal });
    void pool.apply(untilAborted, []).results();
    await turns();
    controller.abort(error('more'));
    await pool.untilClosed();
    seen.push(...(await pool.gatherAndClose({ returnExceptions: true })));
  },
  'the pool is never closed': async (pool) => {
    pool.map(rejecting, [1, 2]);
    const simple = new SimpleTaskPool(rejecting, [3], { logger });
    simple.start(2);
    await turns();
    console.log(JSON.stringify({ gathered: [], seen: ['left'] } satisfies Report));
    process.exit();
  },
} satisfies Record<string, (pool: TaskPool) => Promise<void>>;

for (const name of process.argv.slice(2)) {
  seen = [];
  const pool = newPool();
  await programs[name as Program](pool);
  const errors = await pool.gatherAndClose({ returnExceptions: true });
  // A callback that nobody awaits may still be late.
  await turns();
  const gathered = errors.map(describe);
  console.log(JSON.stringify({ gathered, seen } satisfies Report));
}

/** The message of an error as the programs throw it, or else what it is. */
function describe(reason: unknown): string {
  if (typeof reason !== 'object' || !(reason instanceof Error)) return typeof reason;
  if (Object.getOwnPropertyDescriptor(reason, 'message')?.get !== undefined) return 'unreadable';
  return reason instanceof TypeError ? 'TypeError' : reason.message;
}
