/** Control: what a server and its watchers cost a pool that runs as fast as it can. */
import { setImmediate } from 'node:timers/promises';
import { type Audience, servedPool } from '../control/served-pool.ts';
import { CONCURRENCY, count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { median } from '../stats.ts';
import { noop } from './w1-noop.ts';

/** Microseconds per task, until the last event was written to the sockets. */
async function microsWatched(audience: Audience, tasks: number): Promise<number> {
  const items = range(tasks);
  const samples: number[] = [];
  for (let run = -6; run < 9; run++) {
    const { pool, seen } = await servedPool(audience);
    const start = performance.now();
    pool.map(noop, items, { numConcurrent: CONCURRENCY });
    await pool.gatherAndClose();
    await setImmediate();
    const micros = (performance.now() - start) * 1000;
    await seen();
    if (run >= 0) samples.push(micros / tasks);
  }
  return median(samples);
}

/**
 * The cost of an unused server: with and without it in turn, in one process, so that a busy machine and compilation
 * affect both. The median of the ratios.
 */
async function ratioIdle(tasks: number, pairs: number): Promise<number> {
  const items = range(tasks);
  const time = async (audience: Audience): Promise<number> => {
    const { pool, seen } = await servedPool(audience);
    const start = performance.now();
    pool.map(noop, items, { numConcurrent: CONCURRENCY });
    await pool.gatherAndClose();
    const elapsed = performance.now() - start;
    await seen();
    return elapsed;
  };
  const ratios: number[] = [];
  for (let pair = -5; pair < pairs; pair++) {
    // Each of them is first equally often.
    const first: Audience = pair % 2 === 0 ? 0 : 'no server';
    const one = await time(first);
    const other = await time(first === 0 ? 'no server' : 0);
    if (pair >= 0) ratios.push(first === 0 ? one / other : other / one);
  }
  return median(ratios);
}

export function controlCostSections({ quick }: Scale): Section[] {
  const tasks = quick ? 5000 : 20_000;
  const many = 5 * tasks;
  return [
    {
      id: 'control-idle',
      title: `${count(many)} async no-ops with a control server, ÷ the same without`,
      unit: '×',
      contenders: [ours('nobody attached', () => ratioIdle(many, quick ? 6 : 40))],
    },
    {
      id: 'control-cost',
      title: `${count(tasks)} async no-ops, all their events watched`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        peer('no server', () => microsWatched('no server', tasks)),
        ours('1 watcher', () => microsWatched(1, tasks)),
        ours('10 watchers', () => microsWatched(10, tasks)),
      ],
    },
  ];
}
