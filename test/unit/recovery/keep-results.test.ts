/** `keepResults`: what tasks return goes into the journal with their end. */

import { expect, test } from 'vitest';
import { MemoryStore, ResultsNotRetained, replay } from 'xstate-taskpool';
import { leftBy, resume } from '../../support/lives.ts';
import { Gate, taskPool, turn } from '../../support/pools.ts';

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
