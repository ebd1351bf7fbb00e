/** Control: what a server, and those who watch through it, cost the pool when it runs as fast as it can. */
import { setImmediate } from 'node:timers/promises';
import { type Audience, servedPool } from '../control/served-pool.ts';
import { CONCURRENCY, count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { median } from '../stats.ts';
import { noop } from './w1-noop.ts';

/** Microseconds per task, until the last event has been given to the sockets. */
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

export function controlCostSections({ quick }: Scale): Section[] {
  const tasks = quick ? 5000 : 20_000;
  return [
    {
      id: 'control-cost',
      title: `${count(tasks)} async no-ops, with a control server`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        peer('no server', () => microsWatched('no server', tasks)),
        ours('nobody attached', () => microsWatched(0, tasks)),
        ours('1 watcher', () => microsWatched(1, tasks)),
        ours('10 watchers', () => microsWatched(10, tasks)),
      ],
    },
  ];
}
