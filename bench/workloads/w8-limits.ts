/** W8: limits by key and by rate, and priorities, beside the same without them. */
import PQueue from 'p-queue';
import { TaskPool } from 'xstate-taskpool';
import { perTask } from '../measure.ts';
import { CONCURRENCY, count, ours, peer, type Scale, type Section } from '../model.ts';
import { noop } from './w1-noop.ts';

const WINDOW = { max: 1_000_000_000, per: 60_000 };

/** One key is hot and has nine items of ten; the others share the rest. */
const keyOf = (item: number): number => (item % 10 === 0 ? 1 + ((item / 10) % 10_000) : 0);

/** The same mixture of priorities in each run. */
const priorityOf = (item: number): number => (item * 7_919) % 1_000;

async function mapped(items: number[], keys?: (item: number) => number): Promise<void> {
  const limits = { key: { concurrent: CONCURRENCY / 2 } };
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none', limits });
  const options = { numConcurrent: CONCURRENCY };
  pool.map(noop, items, keys === undefined ? options : { ...options, limits: { key: keys } });
  await pool.gatherAndClose();
}

async function submitted(items: number[], priorities?: (item: number) => number): Promise<void> {
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none' });
  await Promise.all(
    items.map((item) =>
      priorities === undefined
        ? pool.submit(noop, [item])
        : pool.submit(noop, [item], { priority: priorities(item) }),
    ),
  );
  await pool.gatherAndClose();
}

async function rated(items: number[]): Promise<void> {
  const limits = { all: { rate: WINDOW } };
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none', limits });
  pool.map(noop, items, { numConcurrent: CONCURRENCY, limits: { all: true } });
  await pool.gatherAndClose();
}

export function limitSections({ quick }: Scale): Section[] {
  const tasks = quick ? 20_000 : 100_000;
  return [
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
          perTask(tasks, (items) => mapped(items, keyOf)),
        ),
      ],
    },
    {
      id: 'W8-priorities',
      title: `${count(tasks)} submissions, all waiting, with random priorities`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours(
          'no priorities',
          perTask(tasks, (items) => submitted(items)),
        ),
        ours(
          'random priorities',
          perTask(tasks, (items) => submitted(items, priorityOf)),
        ),
      ],
    },
    {
      id: 'W8-rate',
      title: `${count(tasks)} starts, a rate that never binds`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours('rate', perTask(tasks, rated)),
        peer(
          'p-queue, intervalCap',
          perTask(tasks, async (items) => {
            const queue = new PQueue({
              concurrency: CONCURRENCY,
              intervalCap: WINDOW.max,
              interval: WINDOW.per,
            });
            for (const item of items) void queue.add(() => noop(item));
            await queue.onIdle();
          }),
        ),
      ],
    },
  ];
}
