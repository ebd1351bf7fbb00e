/** W7: the cost of a task must not depend on how many tasks, groups or uninterested subscribers there are. */
import { TaskPool } from 'xstate-taskpool';
import { medianMicros } from '../measure.ts';
import { CONCURRENCY, count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { workersPeer } from '../peers.ts';
import { median } from '../stats.ts';
import { noop } from './w1-noop.ts';

/** Runs work of `size` tasks until there were `total` tasks; `prepare` (creating the pool) is not timed. */
async function microsAtSize(
  size: number,
  total: number,
  prepare: (items: number[]) => () => Promise<unknown>,
): Promise<number> {
  const items = range(size);
  const sample = async (tasks: number): Promise<number> => {
    let micros = 0;
    for (let done = 0; done < tasks; done += size) {
      const run = prepare(items);
      const start = performance.now();
      await run();
      micros += (performance.now() - start) * 1000;
    }
    return micros / Math.max(tasks, size);
  };
  await sample(Math.max(4 * total, size));
  return median([await sample(total), await sample(total), await sample(total)]);
}

function poolOf(items: number[]): () => Promise<unknown> {
  const pool = new TaskPool({ retain: 'none' });
  return () => {
    pool.map(noop, items, { numConcurrent: CONCURRENCY });
    return pool.gatherAndClose();
  };
}

const workersOf = (items: number[]) => () => workersPeer.dropped(noop, items);

/** The same tasks in one group or in many, all competing for the same 100 slots. */
async function microsInGroups(groups: number, tasks: number): Promise<number> {
  const items = range(tasks / groups);
  const micros = await medianMicros(
    async () => {
      const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none' });
      return () => {
        for (let group = 0; group < groups; group++) {
          pool.map(noop, items, { numConcurrent: CONCURRENCY });
        }
        return pool.gatherAndClose();
      };
    },
    { warmups: 1 },
  );
  return micros / tasks;
}

async function microsWithSubscribers(subscribers: number, tasks: number): Promise<number> {
  const items = range(tasks);
  const micros = await medianMicros(
    async () => {
      const pool = new TaskPool({ retain: 'none' });
      for (let index = 0; index < subscribers; index++) pool.on('pool.locked', () => {});
      return () => {
        pool.map(noop, items, { numConcurrent: CONCURRENCY });
        return pool.gatherAndClose();
      };
    },
    { runs: 5 },
  );
  return micros / tasks;
}

const MILLION = 1_000_000;

export function flatSections({ quick }: Scale): Section[] {
  const total = 100_000;
  const grouped = quick ? total : MILLION;
  const sizes = quick ? [1000, 10_000, total] : [1000, 10_000, total, MILLION];
  return [
    {
      id: 'W7-tasks',
      title: 'async no-ops, from few to many tasks',
      unit: 'µs per task',
      contenders: [
        ...sizes.map((size) =>
          ours(`${count(size)} tasks`, () => microsAtSize(size, total, poolOf)),
        ),
        ...sizes.map((size) =>
          peer(`hand-written workers, ${count(size)} tasks`, () =>
            microsAtSize(size, total, workersOf),
          ),
        ),
      ],
    },
    {
      id: 'W7-groups',
      title: `${count(grouped)} async no-ops in one or many groups`,
      unit: 'µs per task',
      contenders: [1, 10, 100, 1000, 10_000].map((groups) =>
        ours(`${count(groups)} ${groups === 1 ? 'group' : 'groups'}`, () =>
          microsInGroups(groups, grouped),
        ),
      ),
    },
    {
      id: 'W7-subscribers',
      title: `${count(total)} async no-ops, subscribers to an event type that does not occur`,
      unit: 'µs per task',
      contenders: [0, 1, 10, 100].map((subscribers) =>
        ours(`${subscribers} subscribers`, () => microsWithSubscribers(subscribers, total)),
      ),
    },
  ];
}
