import { describe, expect, test } from 'vitest';
import { IllegalTransition, type PoolEvent, replay, StoreGap } from 'xstate-taskpool';
import { recording } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';
import { event, locked, samples } from '../support/sample-events.ts';

/** A journal that goes on after `pool.created`. */
const journal = (...rest: PoolEvent[]) => [samples[0] as PoolEvent, ...rest];

describe('replay', () => {
  test('gives what the snapshot was, at every seq', async () => {
    const pool = taskPool({ poolSize: 2, retain: 3 });
    const states = [pool.snapshot()];
    pool.on('*', () => void states.push(pool.snapshot()));
    pool.map((n: number) => (n === 1 ? Promise.reject(new Error('bad')) : n), [0, 1, 2, 3]);
    pool.apply(untilAborted, [], { num: 2, groupName: 'mine' });
    await turn();
    pool.poolSize = 3;
    pool.cancelGroup('mine', { why: 'over' });
    await turn();
    await pool.flush({ returnExceptions: true });
    await pool.gatherAndClose();
    const events = [...pool.journal];
    expect(states).toHaveLength(events.length);
    for (const state of states) {
      expect(replay(events, { until: state.seq })).toStrictEqual(state);
    }
  });

  test('goes as far as the events that are given, or as it is told', () => {
    expect(replay(samples).status).toBe('closed');
    expect(replay(samples, { until: 0 })).toMatchObject({ seq: 0, status: 'open', tasks: [] });
    expect(replay(samples, { until: 999 })).toEqual(replay(samples));
    expect(replay(samples.slice(0, 10))).toEqual(replay(samples, { until: 9 }));
    expect(replay(samples, { until: 15 })).toMatchObject({
      name: 'sample',
      poolSize: 2,
      groups: [{ name: 'a', numConcurrent: null, created: 2, ended: 2, planned: 3 }],
      tasks: [
        { id: 0, outcome: 'cancelled', progress: null, reason: { why: 'none' }, startedAt: 1003 },
        { id: 1, outcome: 'rejected', error: { code: 'E_BAD' }, startedAt: 1008 },
      ],
    });
  });

  test('takes events one by one, and stops asking where it is told', () => {
    let asked = 0;
    const events = (function* () {
      for (const sample of samples) {
        asked++;
        yield sample;
      }
    })();
    expect(replay(events, { until: 4 }).seq).toBe(4);
    expect(asked).toBe(6);
  });

  test('takes what JSON made of the events, and what subscribers got', async () => {
    const pool = taskPool();
    const events = [...pool.journal, ...recording(pool)];
    pool.on('*', (each) => void events.push(each));
    await pool.map((n: number) => n, [1, 2]).results();
    expect(replay(events)).toEqual(pool.snapshot());
    expect(replay(JSON.parse(JSON.stringify(events)))).toEqual(pool.snapshot());
  });

  test('is frozen as a snapshot is, and takes nothing from the events but copies', () => {
    const state = replay(samples, { until: 14 });
    expect(Object.isFrozen(state.tasks[0])).toBe(true);
    expect(() => Object.assign(state, { name: 'other' })).toThrow(TypeError);
  });
});

describe('replay refuses', () => {
  test('no events at all', () => {
    expect(() => replay([])).toThrow(
      new TypeError('expected at least one event to replay, got none'),
    );
    expect(() => replay(samples, { until: -1 })).toThrow(TypeError);
  });

  test.each<[string, readonly PoolEvent[], string]>([
    ['a beginning that is missing', samples.slice(1), 'expected an event with seq 0, got 1'],
    ['a gap', journal(...locked(2, 1)), 'expected an event with seq 1, got 2'],
    ['an event twice', journal(...samples.slice(0, 1)), 'expected an event with seq 1, got 0'],
    [
      'a task that there is not',
      journal(event(1, 'task.started', { id: 0 })),
      'expected a task that exists, got id 0',
    ],
    [
      'a task of a group that there is not',
      journal(event(1, 'task.queued', { id: 0, group: 'none', index: 0 })),
      "expected a group that exists, got 'none'",
    ],
    [
      'a group that there is not',
      journal(event(1, 'group.exhausted', { group: 'none', created: 0 })),
      "expected a group that exists, got 'none'",
    ],
    [
      'an id that is not the next',
      [...samples.slice(0, 2), event(2, 'task.queued', { id: 1, group: 'a', index: 0 })],
      'expected a task with id 0, got 1',
    ],
  ])('%s, with StoreGap', (_what, events, message) => {
    expect(() => replay(events)).toThrow(new StoreGap(message));
  });

  test.each<[string, readonly PoolEvent[], string]>([
    [
      'what the task chart refuses',
      [...samples.slice(0, 3), event(3, 'task.progressed', { id: 0, progress: 1 })],
      'expected an event that task 0 allows when queued, got task.progressed after seq 2',
    ],
    [
      'what the pool chart refuses',
      journal(event(1, 'pool.unlocked', {})),
      'expected an event that the pool allows when open, got pool.unlocked after seq 0',
    ],
    [
      'what comes after the end',
      [...samples, event(samples.length, 'pool.locked', {})],
      `expected an event that the pool allows when closed, got pool.locked after seq ${samples.length - 1}`,
    ],
    [
      'a pool that is created twice',
      journal({ ...(samples[0] as PoolEvent), seq: 1 }),
      'expected an event that the pool allows when open, got pool.created after seq 0',
    ],
  ])('%s, with IllegalTransition', (_what, events, message) => {
    expect(() => replay(events)).toThrow(new IllegalTransition(message));
  });

  test('a pool that was never created, with IllegalTransition', () => {
    expect(() => replay([event(0, 'pool.locked', {})])).toThrow(IllegalTransition);
  });

  test('a group whose name is in use, with IllegalTransition', () => {
    const [created, group] = samples as [PoolEvent, PoolEvent];
    expect(() => replay([created, group, { ...group, seq: 2 }])).toThrow(IllegalTransition);
  });

  test('a type there is not, with RangeError', () => {
    const odd = { ...samples[0], seq: 1, type: 'pool.painted' } as unknown as PoolEvent;
    expect(() => replay(journal(odd))).toThrow(/^expected one of .+, got 'pool\.painted'$/);
  });

  test('a version it does not know', () => {
    for (const v of [0, 4, -1, 1.5, '1', undefined, 'toString']) {
      const odd = { ...samples[0], v } as unknown as PoolEvent;
      expect(() => replay([odd])).toThrow(
        new RangeError(`expected an event of version 1 to 3, got ${v}`),
      );
    }
  });
});
