/** The two charts, as design and documentation say them: what may happen, and nothing else. */

import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, createActor } from 'xstate';
import { EVENT_TYPES } from 'xstate-taskpool';
import { compile, poolMachine, REFUSED, taskMachine } from 'xstate-taskpool/machines';

type Transitions = Record<string, Record<string, string>>;

/** The table of a chart as text: state, event, next state. */
function transitionsOf(machine: AnyStateMachine): Transitions {
  const chart = compile(machine, EVENT_TYPES);
  return Object.fromEntries(
    chart.states.map((state, code) => {
      const row = EVENT_TYPES.flatMap((type, event) => {
        const next = chart.table[code * EVENT_TYPES.length + event] as number;
        return next === REFUSED ? [] : [[type, chart.states[next]]];
      });
      return [state, Object.fromEntries(row)];
    }),
  );
}

test('the task chart', () => {
  expect(transitionsOf(taskMachine)).toEqual({
    queued: {
      'task.started': 'running.active',
      'task.cancelled': 'cancelled',
      'task.interrupted': 'queued',
      'task.timedOut': 'queued',
      'task.prioritised': 'queued',
      'task.ended': 'ended',
    },
    'running.active': {
      'task.placed': 'running.active',
      'task.progressed': 'running.active',
      'task.cancelling': 'running.cancelling',
      'task.timedOut': 'running.timedOut',
      'task.failed': 'delayed',
      'task.cancelled': 'cancelled',
      'task.ended': 'ended',
      'task.interrupted': 'queued',
      'task.prioritised': 'running.active',
    },
    'running.cancelling': {
      'task.placed': 'running.cancelling',
      'task.progressed': 'running.cancelling',
      'task.cancelled': 'cancelled',
      'task.ended': 'ended',
      'task.prioritised': 'running.cancelling',
    },
    'running.timedOut': {
      'task.placed': 'running.timedOut',
      'task.progressed': 'running.timedOut',
      'task.cancelling': 'running.cancelling',
      'task.failed': 'delayed',
      'task.ended': 'ended',
      'task.prioritised': 'running.timedOut',
    },
    delayed: {
      'task.requeued': 'queued',
      'task.cancelled': 'cancelled',
      'task.timedOut': 'delayed',
      'task.prioritised': 'delayed',
      'task.ended': 'ended',
    },
    cancelled: { 'task.ended': 'ended' },
    ended: {},
  });
});

test('the pool chart', () => {
  const always = (state: string) => ({
    'pool.resized': state,
    'pool.paused': state,
    'pool.resumed': state,
    'pool.suspended': state,
    'pool.flushed': state,
    'pool.recovered': state,
  });
  expect(transitionsOf(poolMachine)).toEqual({
    open: { ...always('open'), 'pool.locked': 'locked', 'pool.closing': 'closing' },
    locked: { ...always('locked'), 'pool.unlocked': 'open', 'pool.closing': 'closing' },
    closing: { ...always('closing'), 'pool.closed': 'closed' },
    closed: {},
  });
});

test('codes of events are in the order of what they concern', () => {
  const subjects = EVENT_TYPES.map((type) => type.slice(0, type.indexOf('.')));
  const blocks = subjects.filter((subject, place) => subject !== subjects[place - 1]);
  expect(blocks).toEqual(['task', 'group', 'callback', 'journal', 'limit', 'pool']);
});

test('tags say what a state means', () => {
  const task = compile(taskMachine, EVENT_TYPES);
  const pool = compile(poolMachine, EVENT_TYPES);
  const names = (chart: typeof task | typeof pool, tag: string) =>
    chart.tagged(tag).map((code) => chart.states[code]);
  expect(names(task, 'waiting')).toEqual(['queued', 'delayed']);
  expect(names(task, 'running')).toEqual([
    'running.active',
    'running.cancelling',
    'running.timedOut',
  ]);
  expect(names(task, 'unwinding')).toEqual(['running.cancelling', 'running.timedOut']);
  expect(names(pool, 'accepting')).toEqual(['open']);
  expect(names(pool, 'none')).toEqual([]);
});

describe('as machines of xstate they run by themselves', () => {
  const input = { id: 3, group: 'mine', index: 1, attempt: 1 };
  const run = (machine: AnyStateMachine, input: object, events: { type: string }[]) => {
    const actor = createActor(machine, { input }).start();
    for (const event of events) actor.send(event);
    return actor.getSnapshot();
  };

  test('a task that is fulfilled', () => {
    const events = [
      { type: 'task.started', id: 3 },
      { type: 'task.progressed', id: 3, progress: 0.5 },
      { type: 'task.ended', id: 3, outcome: 'fulfilled' },
    ];
    expect(run(taskMachine, input, events)).toMatchObject({
      value: 'ended',
      status: 'done',
      context: { ...input, progress: 0.5, outcome: 'fulfilled' },
      output: { id: 3, outcome: 'fulfilled' },
    });
  });

  test('a task that is rejected, after a cancel', () => {
    const error = { name: 'Error', message: 'bad' };
    const events = [
      { type: 'task.started', id: 3 },
      { type: 'task.cancelling', id: 3, reason: 'why' },
      { type: 'task.ended', id: 3, outcome: 'rejected', error },
    ];
    expect(run(taskMachine, input, events)).toMatchObject({
      context: { ...input, reason: 'why', outcome: 'rejected', error },
      output: { id: 3, outcome: 'rejected', error },
    });
  });

  test('a task that is cancelled before it started', () => {
    const events = [{ type: 'task.cancelled' }, { type: 'task.ended', outcome: 'cancelled' }];
    const { context, output } = run(taskMachine, input, events);
    expect(context).toStrictEqual({ ...input, outcome: 'cancelled' });
    expect(output).toStrictEqual({ id: 3, outcome: 'cancelled' });
  });

  test('a cancel without a reason leaves none', () => {
    const events = [{ type: 'task.started' }, { type: 'task.cancelling' }];
    const { value, context } = run(taskMachine, input, events);
    expect(value).toEqual({ running: 'cancelling' });
    expect(context).toStrictEqual(input);
  });

  test('a task that was interrupted twice, and is given up before it runs again', () => {
    const error = { name: 'TaskInterrupted', message: 'gone' };
    const interrupted = { type: 'task.interrupted', id: 3 };
    const events = [{ type: 'task.started', id: 3 }, interrupted, interrupted];
    expect(run(taskMachine, input, events)).toMatchObject({
      value: 'queued',
      context: { ...input, attempt: 3 },
    });
    const ended = { type: 'task.ended', id: 3, outcome: 'rejected', error };
    expect(run(taskMachine, input, [...events, ended])).toMatchObject({
      value: 'ended',
      output: { id: 3, outcome: 'rejected', error },
    });
  });

  test('a pool', () => {
    const facts = { name: 'mine', kind: 'TaskPool', poolSize: null };
    const events = ['pool.locked', 'pool.resized', 'pool.unlocked', 'pool.flushed', 'pool.closing'];
    const sent = events.map((type) => ({ type, poolSize: 5 }));
    expect(run(poolMachine, facts, sent)).toMatchObject({
      value: 'closing',
      status: 'active',
      context: { ...facts, poolSize: 5 },
    });
    expect(run(poolMachine, facts, [...sent, { type: 'pool.closed', poolSize: 5 }])).toMatchObject({
      value: 'closed',
      status: 'done',
    });
  });
});
