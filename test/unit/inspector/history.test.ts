/** What the page of the inspector makes of the messages that it gets. */

import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { TaskPool } from 'xstate-taskpool';
import { chartOf, type DrawnChart } from '../../../src/page/inspector/data/chart.ts';
import { History } from '../../../src/page/inspector/data/history.ts';
import type { Entry, Message } from '../../../src/page/inspector/data/messages.ts';
import {
  activeStates,
  answeredWithin,
  takenTransitions,
} from '../../../src/page/inspector/data/taken.ts';
import { countActors, rowsOf } from '../../../src/page/inspector/data/tree.ts';
import { crossingMachine } from '../../support/inspector/programs/crossing.ts';
import { kettleMachine } from '../../support/inspector/programs/kettle.ts';
import { playerMachine } from '../../support/inspector/programs/player.ts';
import { orderMachine } from '../../support/inspector/shop.ts';

/** Functions by their names, as programs send them. */
const named = (_: string, value: unknown) =>
  typeof value === 'function' ? { type: value.name } : value;

const actor = (sessionId: string, parentId?: string): Message => ({
  type: '@xstate.actor',
  sessionId,
  name: `actor ${sessionId}`,
  snapshot: { status: 'active', value: 'off' },
  ...(parentId === undefined ? {} : { parentId }),
});

const event = (sessionId: string, type: string, sourceId?: string): Message => ({
  type: '@xstate.event',
  sessionId,
  event: { type },
  ...(sourceId === undefined ? {} : { sourceId }),
});

const snapshot = (
  sessionId: string,
  value: unknown,
  type = 'TICK',
  status = 'active',
): Message => ({
  type: '@xstate.snapshot',
  sessionId,
  event: { type },
  snapshot: { status, value },
});

function entries(messages: readonly Message[], from = 0, program = 0): Entry[] {
  return messages.map((message, place) => ({ seq: from + place, program, at: 0, message }));
}

function historyOf(messages: readonly Message[]): History {
  const history = new History();
  history.add({ first: 0, bases: [], entries: entries(messages) });
  return history;
}

const names = (history: History, options: Partial<Parameters<typeof rowsOf>[1]> = {}) =>
  rowsOf(history, { seq: history.last, search: '', hidesEnded: false, ...options }).map((row) =>
    'actor' in row ? `${'  '.repeat(row.depth)}${row.actor.sessionId} ${row.status}` : row.program,
  );

describe('the history', () => {
  test('takes events from senders that are no text, and of which none can be made', () => {
    const hostile = { ...event('a', 'TICK'), sourceId: { toString: 1 } };
    const history = historyOf([actor('a'), hostile, event('a', 'TOCK')]);
    expect(history.actorOf(0, 'a')?.events).toHaveLength(2);
  });

  const lamp = [actor('a'), snapshot('a', 'on'), event('a', 'TICK'), snapshot('a', 'off', 'TOCK')];

  test('knows the state of an actor after each message, and the state before it', () => {
    const history = historyOf(lamp);
    const seen = [0, 1, 2, 3].map((seq) => {
      const { snapshot: now, before, event: last } = history.actorOf(0, 'a')?.at(seq) ?? {};
      return [before?.value, last?.type, now?.value];
    });
    expect(seen).toEqual([
      [undefined, undefined, 'off'],
      ['off', 'TICK', 'on'],
      ['off', 'TICK', 'on'],
      ['on', 'TOCK', 'off'],
    ]);
  });

  test('lists an event with those who sent it and who got it', () => {
    const history = historyOf([actor('a'), actor('b', 'a'), event('b', 'HELLO', 'a')]);
    const seqs = ['a', 'b'].map((id) => history.actorOf(0, id)?.events.map(({ seq }) => seq));
    expect(seqs).toEqual([[2], [2]]);
  });

  test('keeps the state from before what was dropped', () => {
    const history = historyOf(lamp);
    history.add({ first: 3, bases: [], entries: [] });
    expect(history.numDropped).toBe(3);
    expect(history.last).toBe(3);
    expect(history.actorOf(0, 'a')?.at(3).before?.value).toBe('on');
    history.add({ first: 4, bases: [], entries: entries([event('a', 'LATE')], 4) });
    expect(history.actorOf(0, 'a')?.at(4).snapshot?.value).toBe('off');
  });

  test('takes what it has already got once only', () => {
    const history = historyOf(lamp);
    history.add({ first: 0, bases: [], entries: entries(lamp) });
    expect(history.last).toBe(3);
    expect(history.actorOf(0, 'a')?.snapshots).toHaveLength(2);
  });

  test('begins with the state that the server remembers', () => {
    const history = new History();
    const bases = entries([actor('a'), snapshot('a', 'on')]);
    history.add({ first: 100, bases, entries: entries([event('a', 'TICK')], 100) });
    expect(history.actorOf(0, 'a')?.name).toBe('actor a');
    expect(history.actorOf(0, 'a')?.at(100).snapshot?.value).toBe('on');
  });
});

describe('the tree', () => {
  const family = [actor('a'), actor('c', 'b'), actor('b', 'a'), snapshot('b', 'x', 'T', 'done')];

  test('has each actor below its parent, whoever was announced first', () => {
    expect(names(historyOf(family))).toEqual(['a active', '  b done', '    c active']);
  });

  test('shows who was there at the time', () => {
    const history = historyOf(family);
    expect(names(history, { seq: 0 })).toEqual(['a active']);
    expect(countActors(history, 3)).toEqual({ all: 3, active: 2 });
  });

  test('leaves out what was not searched for, and what has ended', () => {
    const history = historyOf(family);
    expect(names(history, { search: 'ACTOR C' })).toEqual(['    c active']);
    expect(names(history, { hidesEnded: true })).toEqual(['a active', '    c active']);
  });

  test('tells programs apart that use the same ids, and which of them are gone', () => {
    const history = historyOf([actor('a')]);
    const others = entries([actor('a'), { type: '@program.closed' }], 1, 1);
    history.add({ first: 0, bases: [], entries: others });
    expect(names(history)).toEqual([0, 'a active', 1, 'a disconnected']);
    expect(names(history, { seq: 1 })).toEqual([0, 'a active', 1, 'a active']);
  });

  test('leaves out the children of what is folded, unless they are searched for', () => {
    const history = historyOf(family);
    const collapsed = new Set(['0/b']);
    expect(names(history, { collapsed })).toEqual(['a active', '  b done']);
    expect(names(history, { collapsed, search: 'actor c' })).toEqual(['    c active']);
  });

  test('names an invocation without an id by its state, and finds it by its id', () => {
    const ids = ['0.factory.press.working', '1.factory.press.working', '0.5', 'v1.2.3'];
    const history = historyOf(ids.map((name, place) => ({ ...actor(`x:${place}`), name })));
    const all = Array.from(history.actors.values(), ({ name }) => name);
    expect(all).toEqual(['press.working', 'press.working (2)', '0.5', 'v1.2.3']);
    expect(names(history, { search: '1.factory' })).toEqual(['x:1 active']);
  });

  test('says how a task of a pool has ended', () => {
    const context = { outcome: 'rejected' };
    const ended: Message = {
      type: '@xstate.snapshot',
      sessionId: 'a',
      snapshot: { status: 'done', value: 'ended', context },
    };
    expect(names(historyOf([actor('a'), ended]))).toEqual(['a rejected']);
  });
});

describe('the chart', () => {
  const drawn = chartOf(JSON.stringify(orderMachine.config)) as DrawnChart;
  const paying = activeStates(drawn.chart, { checkout: 'paying' });
  const fulfilment = activeStates(drawn.chart, {
    fulfilment: { parcel: 'packing', invoice: 'draft' },
  });
  const taken = (before: ReadonlySet<string>, after: ReadonlySet<string>, type: string) =>
    Array.from(
      takenTransitions(drawn.chart, { before, after, type }),
      ({ from, to }) => `${from} → ${to}`,
    );

  test('has every state within a state active, in parallel too', () => {
    expect([...fulfilment].sort()).toEqual([
      'order',
      'order.fulfilment',
      'order.fulfilment.invoice',
      'order.fulfilment.invoice.draft',
      'order.fulfilment.parcel',
      'order.fulfilment.parcel.packing',
    ]);
  });

  test('knows the transition that an event has led along', () => {
    const address = activeStates(drawn.chart, { checkout: 'address' });
    const shopping = activeStates(drawn.chart, 'shopping');
    expect(taken(paying, fulfilment, 'xstate.done.actor.charge')).toEqual([
      'order.checkout.paying → order.fulfilment',
    ]);
    expect(taken(address, paying, 'PAY')).toEqual([
      'order.checkout.address → order.checkout.paying',
    ]);
    expect(taken(paying, shopping, 'BACK')).toEqual(['order.checkout → order.shopping']);
    expect(taken(shopping, shopping, 'ADD')).toEqual([]);
  });

  test('knows the transitions that were taken on the way: to history, by raised events, without an event', () => {
    const arcs = (machine: AnyStateMachine, before: unknown, after: unknown, type: string) => {
      const { chart } = chartOf(JSON.stringify(machine.config)) as DrawnChart;
      const step = {
        before: activeStates(chart, before),
        after: activeStates(chart, after),
        type,
      };
      const name = (id: string) => id.slice(id.indexOf('.') + 1);
      return Array.from(
        takenTransitions(chart, step),
        ({ from, to }) => `${name(from)} → ${name(to)}`,
      ).sort();
    };
    expect(arcs(playerMachine, 'off', { on: { playing: 'double' } }, 'ON')).toEqual([
      'off → on.all',
    ]);
    const waiting = { cars: 'yellow', people: 'wait', button: 'pushed' };
    const walking = { cars: 'red', people: 'walk', button: 'idle' };
    expect(arcs(crossingMachine, waiting, walking, 'TICK')).toEqual([
      'button.pushed → button.idle',
      'cars.yellow → cars.red',
      'people.wait → people.walk',
    ]);
    expect(arcs(kettleMachine, 'boiled', 'off', 'BEEP')).toEqual([
      'boiled → boiled',
      'boiled → off',
    ]);
  });

  test('knows what a state has answered to without being left, where that is certain', () => {
    const { chart } = chartOf(JSON.stringify(playerMachine.config, named)) as DrawnChart;
    const crossing = chartOf(JSON.stringify(crossingMachine.config, named)) as DrawnChart;
    const step = (drawn: typeof chart, value: unknown, type: string) => {
      const active = activeStates(drawn, value);
      return answeredWithin(drawn, { before: active, after: active, type });
    };
    const pushed = { cars: 'red', people: 'walk', button: 'pushed' };
    expect(step(crossing.chart, pushed, 'PUSH')).toMatchObject({ state: 'crossing.button.pushed' });
    expect(step(crossing.chart, pushed, 'TICK')).toBeUndefined();
    // With a guard and without one: which of them it was is not sent.
    expect(step(chart, { on: 'stopped' }, 'LOUDER')).toBeUndefined();
  });

  test('is missing without states, and says why it cannot be read', () => {
    expect(chartOf(undefined)).toBeUndefined();
    expect(chartOf('{"id":"promise"}')).toBeUndefined();
    expect(chartOf('{"states":')).toMatch(/JSON/);
    const states = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`s${n}`, {}]));
    expect(chartOf(JSON.stringify({ states }))).toMatch(/at most 400 states/);
  });

  test('is drawn as far as it can be, and says what is missing', () => {
    expect(chartOf('{"initial":"a","states":{"a":{"on":{"GO":"nowhere"}}}}')).toMatchObject({
      flaw: 'There is no state for the target nowhere.',
    });
    const cut =
      '{"initial":"a","states":{"a":{"states":"[Object]","on":{"GO":"[Object]"}},"b":{}}}';
    expect(chartOf(cut)).toMatchObject({
      chart: { transitions: [], root: { states: [{ name: 'a' }, { name: 'b' }] } },
      flaw: expect.stringContaining('serializationDepthLimit'),
    });
  });

  test('has eventless transitions, and the defaults of history states', () => {
    const config = {
      id: 'm',
      initial: 'a',
      states: {
        a: { always: { target: 'b', guard: { type: 'isReady' } } },
        b: { states: { x: {}, was: { type: 'history', target: 'x' } } },
      },
    };
    const { chart } = chartOf(JSON.stringify(config)) as DrawnChart;
    expect(chart.transitions).toEqual([
      { from: 'm.a', to: 'm.b', events: [{ type: '', guard: 'isReady' }] },
      { from: 'm.b.was', to: 'm.b.x', events: [] },
    ]);
  });
});

test('the actors of a pool carry what viewers look for in a machine', () => {
  const { logic } = new TaskPool().actor as unknown as { logic: Record<string, unknown> };
  expect(logic).toMatchObject({ id: 'pool', config: { id: 'pool' }, root: { key: 'pool' } });
});
