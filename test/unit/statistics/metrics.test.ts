import { expect, test } from 'vitest';
import { WorkerLost } from 'xstate-taskpool';
import { metrics } from 'xstate-taskpool/statistics';
import { taskPool } from '../../support/pools.ts';

/** The values by name and labels. */
function valuesOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      line.slice(line.lastIndexOf(' ') + 1),
    ]),
  );
}

test('metrics have counts, states and times of a pool', async () => {
  const pool = taskPool({ name: 'harbour', poolSize: 4 });
  const group = pool.map(
    (n: number) => {
      if (n === 2) throw new RangeError('two');
      return n;
    },
    [1, 2, 3],
  );
  await group.settled();
  const values = valuesOf(await metrics(pool));
  expect(values.get('taskpool_slots_max{pool="harbour"}')).toBe('4');
  expect(values.get('taskpool_pool_status{pool="harbour",status="open"}')).toBe('1');
  expect(values.get('taskpool_tasks_ended_total{pool="harbour",outcome="rejected"}')).toBe('1');
  expect(values.get('taskpool_tasks{pool="harbour",state="running"}')).toBe('0');
  expect(values.get('taskpool_task_duration_seconds_count{pool="harbour"}')).toBe('3');
  expect(values.get('taskpool_task_duration_seconds_bucket{pool="harbour",le="+Inf"}')).toBe('3');
  const hour = 'taskpool_task_duration_seconds_bucket{pool="harbour",le="3600"}';
  expect(values.get(hour)).toBe('3');
  const errors = 'taskpool_task_errors_total{pool="harbour",error_type="RangeError",final="true"}';
  expect(values.get(errors)).toBe('1');
});

test('each metric is described once, whatever the number of pools', async () => {
  const text = await metrics([taskPool({ name: 'a' }), taskPool({ name: 'b' })]);
  const described = text.match(/^# TYPE \S+/gm) ?? [];
  expect(new Set(described).size).toBe(described.length);
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) taskpool_\w+ .+|taskpool_\w+\{.*\} (\+Inf|[\d.e+-]+))$/);
  }
});

test('groups have labels of their own where that is wanted, whatever their names', async () => {
  const pool = taskPool({ name: 'p' });
  await pool.map((n: number) => n, [1], { groupName: '<img src="x">\n\\' }).results();
  const text = await metrics(pool, { groups: true });
  expect(text).toContain(
    'taskpool_tasks_created_total{pool="p",group="<img src=\\"x\\">\\n\\\\"} 1\n',
  );
});

test('pools of the same name are refused, since Prometheus would drop the values of one', async () => {
  const pools = [taskPool({ name: 'p' }), taskPool({ name: 'p' })];
  await expect(metrics(pools)).rejects.toThrow(
    'expected pools with different names, got two named p',
  );
});

test('groups without a row of their own never share a series with a group', async () => {
  const pool = taskPool({ name: 'p' });
  const groups = Array.from({ length: 1001 }, (_, n) => (n === 1000 ? 'others' : `group-${n}`));
  for (const groupName of groups) await pool.map((n: number) => n, [1], { groupName }).settled();
  const series = (await metrics(pool, { groups: true })).match(
    /^taskpool_tasks_created_total.*\}/gm,
  );
  expect(series).toHaveLength(1001);
  expect(new Set(series).size).toBe(1001);
});

test('lost workers are counted from 0 on, since alerts ask for an increase', async () => {
  const pool = taskPool({ name: 'p' });
  const lost = (final: boolean) =>
    `taskpool_task_errors_total{pool="p",error_type="WorkerLost",final="${final}"}`;
  const before = valuesOf(await metrics(pool));
  expect([lost(true), lost(false)].map((series) => before.get(series))).toEqual(['0', '0']);
  const dies = () => {
    throw new WorkerLost('thread-1 exited');
  };
  await pool.apply(dies, [], { retry: { limit: 1, delay: 0 } }).settled();
  const after = valuesOf(await metrics(pool));
  expect([lost(true), lost(false)].map((series) => after.get(series))).toEqual(['1', '1']);
});
