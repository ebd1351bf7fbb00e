/** Jumps through time while the pool drops the places that they lead to. */

import { expect, test } from 'vitest';
import { orOldest } from '../../../src/page/dashboard/data/or-oldest.ts';

/** Places from some on; each look at the oldest finds that more have been dropped. */
function dropping(first: number, each: number) {
  let oldest = first;
  return {
    load: async (seq: number): Promise<number> => {
      if (seq < oldest) throw new RangeError(`expected an event from ${oldest}, got ${seq}`);
      return seq;
    },
    oldest: async (): Promise<number> => {
      const found = oldest;
      oldest += each;
      return found;
    },
  };
}

test('a place that is there is loaded', async () => {
  expect(await orOldest(70, dropping(50, 0))).toBe(70);
});

test('the oldest place takes the place of one that was dropped', async () => {
  expect(await orOldest(0, dropping(50, 0))).toBe(50);
});

test('a pool that drops places faster than they are loaded has none', async () => {
  await expect(orOldest(0, dropping(50, 10))).rejects.toThrow('expected an event from 80, got 70');
});
