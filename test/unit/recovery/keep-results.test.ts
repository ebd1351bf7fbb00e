/** `keepResults`: what tasks return goes into the journal with their end. */

import { expect, test } from 'vitest';
import { MemoryStore, ResultsNotRetained, replay } from 'xstate-taskpool';
import { leftBy, resume } from '../../support/lives.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

const gate = new Gate();
const work = async (n: number) => {
  if (n === 3) await gate.promise;
  if (n === 2) throw new RangeError('two');
  return n === 1 ? undefined : { n };
};
const functions = { work };

async function lives(options: object, items = [0, 1, 3]) {
  const pool = taskPool({ functions, ...options });
  pool.map(work, items, { groupName: 'g', numConcurrent: 9 });
  await turn();
  const store = await leftBy(pool);
  gate.resolve();
  const again = await resume(store, { functions });
  return { pool, again };
}

test('a recovered pool has the results of what had ended', async () => {
  const { again } = await lives({ keepResults: true });
  expect(await again.group('g').results()).toEqual([{ n: 0 }, undefined, { n: 3 }]);
  expect(replay(again.journal)).toEqual(again.snapshot());
  await again.gatherAndClose();
});

test('each result is kept where one task follows another in the same slot, and nobody watches', async () => {
  const pool = taskPool({ poolSize: 1, journal: new MemoryStore(), keepResults: { maxBytes: 10 } });
  const repeat = (n: number) => (n === 0 ? new Map() : 'x'.repeat(n));
  await pool.map(repeat, [3, 300, 1, 0, 2]).settled();
  const ends = [...pool.journal].filter((event) => event.type === 'task.ended');
  expect(ends.map(({ value, omitted }) => omitted ?? value)).toEqual([
    'xxx',
    true,
    'x',
    true,
    'xx',
  ]);
  const { tasks } = pool.snapshot();
  expect(tasks.map(({ value, omitted }) => omitted ?? value)).toEqual([
    'xxx',
    true,
    'x',
    true,
    'xx',
  ]);
});

test('it has the errors, too, as far as the journal tells them', async () => {
  const { again } = await lives({ keepResults: true }, [0, 2]);
  expect(await again.group('g').settled()).toMatchObject([
    { status: 'fulfilled', value: { n: 0 } },
    { status: 'rejected', reason: { name: 'RangeError', message: 'two' } },
  ]);
});

test('and the reasons of cancellations', async () => {
  const pool = taskPool({ functions: { untilAborted }, keepResults: true });
  pool.map(untilAborted, [0, 1, 2], { groupName: 'g', numConcurrent: 2 });
  await turn();
  pool.cancel([0], 'late');
  pool.cancel([1]);
  await turn();
  const again = await resume(await leftBy(pool), { functions: { untilAborted } });
  again.cancel([2], { code: 3 });
  expect(await again.group('g').settled()).toMatchObject([
    { status: 'cancelled', reason: 'late' },
    { status: 'cancelled', reason: { name: 'AbortError' } },
    { status: 'cancelled', reason: { code: 3 } },
  ]);
  await again.gatherAndClose();
});

test('it does not have results that were too large for the journal', async () => {
  const large = { work: async (n: number) => 'x'.repeat(n) };
  const pool = taskPool({ functions: large, keepResults: { maxBytes: 10 } });
  await pool.map(large.work, [3, 30], { groupName: 'g' }).results();
  const again = await resume(await leftBy(pool), { functions: large });
  await expect(again.group('g').results()).rejects.toThrow(ResultsNotRetained);
  expect(await again.task(0).result()).toBe('xxx');
});

test('a source that had failed is said to have, since its error is not in the journal', async () => {
  const pool = taskPool({ functions, keepResults: true });
  const source = function* () {
    yield 0;
    throw new Error('no more');
  };
  await pool.map(work, source(), { groupName: 'g' }).settled();
  const again = await resume(await leftBy(pool), { functions });
  await expect(again.group('g').results()).rejects.toThrow(
    "expected a source whose error is known, got that of 'g', which failed before the pool was recovered",
  );
  // The earlier process has reported it.
  await again.gatherAndClose();
});

test('without it they are gone', async () => {
  const { again } = await lives({});
  await expect(again.group('g').results()).rejects.toThrow(ResultsNotRetained);
});

test('what is too large, or JSON would change, is marked as omitted', async () => {
  const large = { work: async (text: string) => text, map: async () => new Map() };
  const kept = taskPool({ functions: large, keepResults: { maxBytes: 20 } });
  await kept.map(large.work, ['short', 'x'.repeat(30)], { groupName: 'a' }).results();
  await kept.apply(large.map, [], { groupName: 'b', keepResults: true }).results();
  await kept.apply(large.work, ['not'], { groupName: 'c', keepResults: false }).results();
  const ends = [...kept.journal].filter(({ type }) => type === 'task.ended');
  expect(ends.map((end) => ('value' in end ? end.value : 'omitted' in end))).toEqual([
    'short',
    true,
    true,
    false,
  ]);
});
