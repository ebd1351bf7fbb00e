/** W8: the cost of priorities, time limits, retries, keys and rates, compared with the same tasks without them. */
import { type PoolLimits, TaskPool } from 'xstate-taskpool';
import {
  mapOfLimits,
  priorities,
  RATE,
  RETRIES,
  rates,
  retries,
  TIMEOUT,
  timeouts,
} from '../flow-peers.ts';
import { perTask } from '../measure.ts';
import {
  CONCURRENCY,
  type Contender,
  count,
  ours,
  peer,
  type Scale,
  type Section,
  type TaskFunction,
} from '../model.ts';
import { submit } from '../ours.ts';
import { noop } from './w1-noop.ts';

/** One hot key has nine of ten items; the others share the rest. */
const hotKeyOf = (item: number): number => (item % 10 === 0 ? 1 + ((item / 10) % 10_000) : 0);

/** A realistic number of customers or hosts at a time. */
const keyOf = (item: number): number => item % 100;
const AT_ONCE = 2;

/** The same mixture of priorities in each run. */
const priorityOf = (item: number): number => (item * 7_919) % 1_000;

async function mapped(items: number[], keys?: (item: number) => number): Promise<void> {
  const limits = { key: { concurrent: CONCURRENCY / 2 } };
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none', limits });
  const options = { numConcurrent: CONCURRENCY };
  pool.map(noop, items, keys === undefined ? options : { ...options, limits: { key: keys } });
  await pool.gatherAndClose();
}

function limited<L extends PoolLimits>(limits: L) {
  return new TaskPool({ poolSize: CONCURRENCY, retain: 'none', limits });
}

async function withPriorities(items: number[]): Promise<number[]> {
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none' });
  const one = (item: number) => pool.submit(noop, [item], { priority: priorityOf(item) });
  return await Promise.all(items.map(one));
}

async function withKeys(items: number[]): Promise<number[]> {
  const pool = limited({ key: { concurrent: AT_ONCE } });
  const one = (item: number) => pool.submit(noop, [item], { limits: { key: keyOf(item) } });
  return await Promise.all(items.map(one));
}

async function withRate(items: number[]): Promise<number[]> {
  const pool = limited({ all: { rate: RATE } });
  const options = { limits: { all: true } } as const;
  return await Promise.all(items.map((item) => pool.submit(noop, [item], options)));
}

async function mappedAtRate(items: number[]): Promise<void> {
  const pool = limited({ all: { rate: RATE } });
  pool.map(noop, items, { numConcurrent: CONCURRENCY, limits: { all: true } });
  await pool.gatherAndClose();
}

type Run = (fn: TaskFunction, items: number[]) => Promise<unknown>;

/** The cost of submissions with a feature, without it, and in other libraries. */
function submissions(
  id: string,
  title: string,
  tasks: number,
  name: string,
  own: (items: number[]) => Promise<unknown>,
  peers: Readonly<Record<string, Run>>,
): Section {
  const others: Contender[] = Object.entries(peers).map(([library, run]) =>
    peer(
      library,
      perTask(tasks, (items) => run(noop, items)),
    ),
  );
  const plain = ours(
    'submit',
    perTask(tasks, (items) => submit(noop, items)),
  );
  return {
    id,
    title: `${count(tasks)} submissions, ${title}`,
    unit: 'µs per task',
    compared: true,
    contenders: [plain, ours(name, perTask(tasks, own)), ...others],
  };
}

export function limitSections({ quick }: Scale): Section[] {
  const tasks = quick ? 20_000 : 100_000;
  const ordered = quick ? 10_000 : 60_000;
  const timed = quick ? 10_000 : 50_000;
  return [
    submissions(
      ...(['W8-priorities', 'all waiting, with random priorities', ordered] as const),
      ...(['random priorities', withPriorities] as const),
      { 'p-queue, priority': priorities['p-queue'](priorityOf) },
    ),
    submissions(
      ...(['W8-timeout', 'each with a time limit that is not reached', timed] as const),
      'timeout',
      (items) => submit(noop, items, { defaults: { timeout: TIMEOUT } }),
      timeouts,
    ),
    submissions(
      ...(['W8-retry', 'each run again if it failed, which none does', timed] as const),
      'retry',
      (items) => submit(noop, items, { defaults: { retry: RETRIES } }),
      retries,
    ),
    submissions(
      ...(['W8-key', '100 keys, two at a time of each', tasks] as const),
      ...(['a key limit', withKeys] as const),
      { 'a map of p-limits': mapOfLimits(keyOf, AT_ONCE) },
    ),
    {
      id: 'W8-keys',
      title: `${count(tasks)} items, 10,000 keys, one of them with nine items of ten`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours(
          'no limits',
          perTask(tasks, (items) => mapped(items)),
        ),
        ours(
          'limits by key',
          perTask(tasks, (items) => mapped(items, hotKeyOf)),
        ),
      ],
    },
    {
      id: 'W8-rate',
      title: `${count(tasks)} starts, a rate that never binds`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours('map', perTask(tasks, mappedAtRate)),
        ours('submit', perTask(tasks, withRate)),
        ...Object.entries(rates).map(([library, run]) =>
          peer(
            library,
            // Bottleneck uses a timer for each of them, which takes at least a millisecond.
            library.startsWith('bottleneck')
              ? perTask(500, (items) => run(noop, items), { warmups: 1, runs: 1 })
              : perTask(tasks, (items) => run(noop, items)),
          ),
        ),
      ],
    },
  ];
}
