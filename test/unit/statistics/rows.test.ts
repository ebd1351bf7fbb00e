/** Groups may be too many to have a row each: what is counted for them stays with their functions. */

import { expect, test } from 'vitest';
import { type PoolEvent, TaskPool } from 'xstate-taskpool';
import { Statistics, type StatisticsData, statistics, summarize } from 'xstate-taskpool/statistics';

async function eventsOf(use: (pool: TaskPool) => Promise<unknown>): Promise<PoolEvent[]> {
  const pool = new TaskPool({ name: 'harbour', retain: 'none' });
  await use(pool);
  const events = [...pool.journal];
  await pool.gatherAndClose();
  return events;
}

function fold(events: readonly PoolEvent[], limits = {}): Statistics {
  const projection = statistics(limits);
  return events.reduce((state, event) => projection.apply(state, event), projection.initial());
}

async function load(n: number): Promise<number> {
  return n;
}

async function unload(n: number): Promise<number> {
  return n;
}

/** `load` and `unload` in turns, each group with one task more than the one before. */
const shifts = () =>
  eventsOf(async (pool) => {
    for (let shift = 1; shift <= 6; shift++) {
      const items = Array.from({ length: shift }, (_, item) => item);
      await pool.map(shift % 2 === 1 ? load : unload, items, { groupName: `${shift}` }).settled();
    }
  });

test('functions keep the counts of groups that have no row any more', async () => {
  const events = await shifts();
  const all = summarize(fold(events));
  const few = summarize(fold(events, { groups: 2 }));
  expect(few.functions).toEqual(all.functions);
  expect(few.total).toEqual(all.total);
  expect(few.functions.map(({ name, created }) => [name, created])).toEqual([
    ['load', 1 + 3 + 5],
    ['unload', 2 + 4 + 6],
  ]);
  expect(few.otherGroups).toMatchObject({ groups: 4, created: 1 + 2 + 3 + 4 });
});

test('a task that outlives the row of its group ends in that of its function, also after JSON', async () => {
  const projection = statistics({ groups: 1 });
  const state = projection.initial();
  const middle = await eventsOf(async (pool) => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const wait = async () => {
      begin();
      await gate;
    };
    const waiting = pool.map(wait, [1], { groupName: 'first' });
    await begun;
    await pool.map(load, [1, 2], { groupName: 'second' }).settled();
    open();
    await waiting.settled();
  });
  const end = middle.findLastIndex((event) => event.type === 'task.ended');
  for (const event of middle.slice(0, end)) projection.apply(state, event);
  const json = JSON.stringify(state);
  const restored = Statistics.fromJSON(JSON.parse(json) as StatisticsData);
  expect(JSON.stringify(restored)).toBe(json);
  for (const counts of [state, restored]) {
    for (const event of middle.slice(end)) projection.apply(counts, event);
    const { functions, slowest } = summarize(counts);
    expect(functions.map(({ name, outcomes }) => [name, outcomes.fulfilled])).toEqual([
      ['wait', 1],
      ['load', 2],
    ]);
    expect(slowest.map(({ group }) => group)).toContain('first');
  }
});

test('the name of a forgotten group, given to another function, begins a row of its own', async () => {
  const events = await shifts();
  const again = events.map((event) => ({ ...event, group: 'shift' }) as PoolEvent);
  const { groups, functions, otherGroups } = summarize(fold(again));
  expect(groups.map(({ functionName, created }) => [functionName, created])).toEqual([
    ['unload', 6],
  ]);
  expect(functions).toEqual(summarize(fold(events)).functions);
  expect(otherGroups?.created).toBe(1 + 2 + 3 + 4 + 5);
});

test('merged, a group whose name means another function elsewhere is counted with the others', async () => {
  const one = fold(await eventsOf((pool) => pool.map(load, [1], { groupName: 'pier' }).settled()));
  const two = fold(
    await eventsOf((pool) => pool.map(unload, [1, 2], { groupName: 'pier' }).settled()),
  );
  one.merge(two);
  const { groups, functions, otherGroups, total } = summarize(one);
  expect(groups.map(({ name, created }) => [name, created])).toEqual([['pier', 1]]);
  expect(otherGroups).toMatchObject({ groups: 1, created: 2 });
  expect(functions.map(({ name, created }) => [name, created])).toEqual([
    ['load', 1],
    ['unload', 2],
  ]);
  expect(total.created).toBe(3);
});

test('of any number of names a bounded number is kept, and each of the others is counted once', () => {
  const statistics = new Statistics();
  const NAMES = 3000;
  let seq = 0;
  const apply = (type: string, fields: object) =>
    statistics.apply({ v: 3, pool: 'p', seq, at: seq++, type, ...fields } as PoolEvent);
  for (let id = 0; id < NAMES; id++) {
    const group = `group-${id}`;
    const error = { name: `Error${id}`, message: 'no' };
    apply('group.created', { group, method: 'map', functionName: `fn-${id}` });
    apply('task.queued', { id, group, index: 0 });
    apply('task.started', { id });
    apply('task.placed', { id, by: `worker-${id}` });
    apply('task.ended', { id, group, outcome: 'rejected', attempt: 1, error });
    apply('group.exhausted', { group, created: 1 });
  }
  const { groups, otherGroups, functions, otherFunctions, failures, places, total } =
    summarize(statistics);
  expect([groups.length, otherGroups?.groups]).toEqual([1000, NAMES - 1000]);
  expect([functions.length, otherFunctions?.functions]).toEqual([200, NAMES - 200]);
  const counted = [groups, [otherGroups!], functions, [otherFunctions!]].map((rows) =>
    rows.reduce((sum, { outcomes }) => sum + outcomes.rejected, 0),
  );
  expect(counted).toEqual([1000, NAMES - 1000, 200, NAMES - 200]);
  expect(failures).toHaveLength(101);
  expect(failures.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(NAMES);
  expect(places).toHaveLength(101);
  expect(places.reduce((sum, { started }) => sum + started, 0)).toBe(NAMES);
  expect(total.outcomes.rejected).toBe(NAMES);
  expect(JSON.stringify(statistics).length).toBeLessThan(1_500_000);
});
