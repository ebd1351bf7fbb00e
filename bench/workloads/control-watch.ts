/** Control: events at a steady rate, to watchers in another process. */
import { setTimeout } from 'node:timers/promises';
import { type Audience, servedPool } from '../control/served-pool.ts';
import { CONCURRENCY, count, ours, peer, type Scale, type Section } from '../model.ts';

const EVENTS_PER_SECOND = 50_000;
/** Queued, started, ended. */
const EVENTS_PER_TASK = 3;

/** Numbers at a steady rate, in a batch every few milliseconds. */
async function* steadily(perSecond: number, seconds: number): AsyncGenerator<number> {
  const start = performance.now();
  const total = perSecond * seconds;
  for (let given = 0; given < total; ) {
    await setTimeout(5);
    const due = Math.min(total, ((performance.now() - start) / 1000) * perSecond);
    while (given < due) yield given++;
  }
}

async function immediately(item: number): Promise<number> {
  return item;
}

interface Steady {
  /** Microseconds of processor time in the process of the pool, per event. */
  readonly load: number;
  /** The 99th percentile of the milliseconds from an event to its watchers. */
  readonly delay: number;
}

async function watchSteadily(audience: Audience, seconds: number): Promise<Steady> {
  // The first run compiles the code that the second one measures.
  await runSteadily(audience, 1);
  return await runSteadily(audience, seconds);
}

async function runSteadily(audience: Audience, seconds: number): Promise<Steady> {
  const { pool, seen } = await servedPool(audience);
  const before = process.cpuUsage();
  const items = steadily(EVENTS_PER_SECOND / EVENTS_PER_TASK, seconds);
  pool.map(immediately, items, { numConcurrent: CONCURRENCY });
  await pool.gatherAndClose();
  const { user, system } = process.cpuUsage(before);
  const { delay = 0 } = (await seen()) ?? {};
  return { load: (user + system) / pool.journal.nextSeq, delay };
}

export function controlWatchSections({ quick }: Scale): Section[] {
  const seconds = quick ? 1 : 3;
  const rate = `${count(EVENTS_PER_SECOND)} events a second`;
  const loadOf = (audience: Audience) => async () => (await watchSteadily(audience, seconds)).load;
  const delayOf = (audience: Audience) => async () =>
    (await watchSteadily(audience, seconds)).delay;
  return [
    {
      id: 'control-load',
      title: `${rate}, in the process of the pool`,
      unit: 'µs of processor time per event',
      compared: true,
      contenders: [
        peer('no server', loadOf('no server')),
        ours('nobody attached', loadOf(0)),
        ours('1 watcher', loadOf(1)),
        ours('10 watchers', loadOf(10)),
      ],
    },
    {
      id: 'control-watch',
      title: `${rate}, from the event to the loop in another process, 99 of 100 events`,
      unit: 'ms',
      contenders: [ours('1 watcher', delayOf(1)), ours('10 watchers', delayOf(10))],
    },
  ];
}
