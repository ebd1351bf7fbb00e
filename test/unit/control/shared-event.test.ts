import { expect, test, vi } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { forAll } from '../../../src/control/shared-event.ts';

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
