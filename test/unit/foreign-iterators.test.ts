/** Sources whose iterators keep to no rule but those that the loops of the language insist on. */

import { expect, test } from 'vitest';
import { taskPool } from '../support/pools.ts';

const sync = (iterator: unknown) => ({ [Symbol.iterator]: () => iterator }) as Iterable<unknown>;
const async = (iterator: unknown) =>
  ({ [Symbol.asyncIterator]: () => iterator }) as AsyncIterable<unknown>;

test.each([1, 'yes', {}, Number.NaN])('done: %s ends a source as it ends a loop', async (done) => {
  let left = 3;
  const next = () => ({ done: left-- > 0 ? 0 : done || true, value: left });
  expect(
    await taskPool()
      .map((n: unknown) => n, sync({ next }))
      .results(),
  ).toEqual([2, 1, 0]);
  left = 3;
  expect(
    await taskPool()
      .map((n: unknown) => n, async({ next }))
      .results(),
  ).toEqual([2, 1, 0]);
});

test.each([undefined, null, 1, {}, { next: 1 }])(
  '%s is no iterator, and is said to be none',
  async (iterator) => {
    for (const source of [sync(iterator), async(iterator)]) {
      const group = taskPool().map((n: unknown) => n, source);
      await expect(group.results()).rejects.toThrow(
        /expected the source to give an iterator with next/,
      );
    }
  },
);
