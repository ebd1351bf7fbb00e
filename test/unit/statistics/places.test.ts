import { expect, test } from 'vitest';
import { metrics, Statistics, statistics } from 'xstate-taskpool/statistics';
import { taskPool } from '../../support/pools.ts';
import { elsewhere } from '../../support/remote.ts';

test('what runs elsewhere is counted by place, while it runs and when it has failed', async () => {
  const pool = taskPool({ name: 'far' });
  const { fn, calls } = elsewhere();
  const group = pool.map(fn, ['a', 'b', 'c'], { numConcurrent: 3 });
  await expect.poll(() => calls.length).toBe(3);
  for (const [index, { context }] of calls.entries()) context?.placed(`thread-${index % 2}`);
  expect((await pool.statistics()).places).toMatchObject([
    { name: 'thread-0', running: 2, started: 2, failed: 0 },
    { name: 'thread-1', running: 1, started: 1, failed: 0 },
  ]);
  calls[0]?.reject(new Error('no'));
  calls[1]?.resolve(1);
  calls[2]?.resolve(2);
  await group.settled();
  const { places } = await pool.statistics();
  expect(places.map(({ running, started, failed }) => [running, started, failed])).toEqual([
    [0, 2, 1],
    [0, 1, 0],
  ]);
  const text = await metrics(pool);
  expect(text).toContain('taskpool_place_failures_total{pool="far",place="thread-0"} 1\n');
});

test('places that are too many are counted together, those first at which nothing runs', () => {
  const { initial, apply } = statistics({ places: 2 });
  let state = initial();
  let seq = 0;
  const see = (event: object) => {
    state = apply(state, { v: 3, pool: 'p', seq: seq++, at: seq, ...event } as never);
  };
  see({ type: 'group.created', group: 'g', method: 'map', functionName: 'f' });
  for (let id = 0; id < 5; id++) {
    see({ type: 'task.queued', id, group: 'g', index: id });
    see({ type: 'task.started', id });
    see({ type: 'task.placed', id, by: `worker-${id}` });
    if (id > 0) see({ type: 'task.ended', id, group: 'g', outcome: 'fulfilled', attempt: 1 });
  }
  const named = (from: Statistics) =>
    from.places.toJSON().map(({ name, running, started }) => [name, running, started]);
  const expected = [
    ['worker-0', 1, 1],
    ['worker-4', 0, 1],
    ['(others)', 0, 3],
  ];
  expect(named(state)).toEqual(expected);
  // Continued from data, it still knows where the first one runs.
  state = Statistics.fromJSON(JSON.parse(JSON.stringify(state)));
  see({ type: 'task.ended', id: 0, group: 'g', outcome: 'rejected', attempt: 1 });
  expect(named(state)[0]).toEqual(['worker-0', 0, 1]);
});
