import { expect, test, vi } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { forAll } from '../../../src/control/sessions/shared-event.ts';
import { subscribe } from '../../../src/control/sessions/subscribe.ts';
import { Log, taskPool } from '../../support/pools.ts';

test('an event is made text once, however many watch', () => {
  const format = vi.fn(({ seq }: PoolEvent) => `event ${seq}`);
  const textOf = forAll(format);
  const events = [1, 2].map((seq) => ({ v: 2, pool: '0', seq, at: 0, type: 'pool.locked' }));
  for (const event of events as PoolEvent[]) {
    for (let watcher = 0; watcher < 100; watcher++)
      expect(textOf(event)).toBe(`event ${event.seq}`);
  }
  expect(format).toHaveBeenCalledTimes(2);
});

test('a pool has one subscriber, however many watch', () => {
  const pool = taskPool({ logger: new Log() });
  const on = vi.spyOn(pool, 'on');
  const seen: number[] = [];
  const ends = [0, 1, 2].map((watcher) =>
    subscribe(pool, 'pool.locked', () => {
      seen.push(watcher);
      if (watcher === 0) throw new Error('a watcher failed');
    }),
  );
  expect(on).toHaveBeenCalledTimes(1);
  pool.lock();
  expect(seen).toEqual([0, 1, 2]);
  ends[1]?.();
  pool.unlock();
  pool.lock();
  expect(seen.slice(3)).toEqual([0, 2]);
  for (const end of ends) end();
  pool.unlock();
  pool.lock();
  expect(seen).toHaveLength(5);
  subscribe(pool, 'pool.locked', () => {})();
  expect(on).toHaveBeenCalledTimes(2);
});
