/** The sequence diagram: who sent what to whom, and while who lived. */

import { expect, test } from 'vitest';
import { chartOf, type DrawnChart } from '../../../src/page/inspector/data/chart.ts';
import { History } from '../../../src/page/inspector/data/history.ts';
import {
  type EventEntry,
  isEntryOf,
  type Message,
} from '../../../src/page/inspector/data/messages.ts';
import { eventsFrom, readEvent } from '../../../src/page/inspector/data/sending.ts';
import { sequenceOf } from '../../../src/page/inspector/data/sequence.ts';
import { pictureOfSequence } from '../../../src/page/inspector/data/sequence-picture.ts';
import { activeStates } from '../../../src/page/inspector/data/taken.ts';
import { orderMachine } from '../../support/inspector/shop.ts';

/** Functions by their names, as programs send them. */
const named = (_: string, value: unknown) =>
  typeof value === 'function' ? { type: value.name } : value;

const actor = (sessionId: string): Message => ({
  type: '@xstate.actor',
  sessionId,
  name: sessionId,
});
const event = (sessionId: string, type: string, sourceId?: string): Message => ({
  type: '@xstate.event',
  sessionId,
  event: { type },
  sourceId,
});
const ended = (sessionId: string): Message => ({
  type: '@xstate.snapshot',
  sessionId,
  snapshot: { status: 'done' },
});

function sequence(messages: readonly Message[]) {
  const history = new History();
  const entries = messages.map((message, seq) => ({ seq, program: 0, at: 0, message }));
  history.add({ first: 0, bases: [], entries });
  const rows = history.entries.filter((entry): entry is EventEntry =>
    isEntryOf(entry, '@xstate.event'),
  );
  return sequenceOf(rows, history, history.last);
}

test('each event is a call between two lanes, which are there while their actors live', () => {
  const { lanes, calls, numLeftOut } = sequence([
    actor('a'),
    event('a', 'GO'),
    actor('b'),
    event('b', 'xstate.init', 'a'),
    event('a', 'xstate.done.actor.b', 'b'),
    ended('b'),
    event('a', 'AGAIN', 'a'),
  ]);
  expect(lanes.map(({ name, from, to }) => [name, from, to])).toEqual([
    ['outside', 0, undefined],
    ['a', 0, undefined],
    ['b', 1, 3],
  ]);
  expect(calls.map(({ name, from, to }) => `${from} ${name} ${to}`)).toEqual([
    '0 GO 1',
    '1 xstate.init 2',
    '2 done: b 1',
    '1 AGAIN 1',
  ]);
  expect(numLeftOut).toBe(0);
});

test('of more actors than fit, it says how many are left out', () => {
  const all = Array.from({ length: 100 }, (_, n) => [actor(`a${n}`), event(`a${n}`, 'GO')]).flat();
  const { lanes, calls, numLeftOut } = sequence(all);
  expect([lanes.length, calls.length, numLeftOut]).toEqual([40, 39, 61]);
});

test('as a file it has the latest thousand rows', () => {
  const many = sequence([actor('a'), ...Array.from({ length: 1500 }, () => event('a', 'GO'))]);
  const few = sequence([actor('a'), ...Array.from({ length: 1000 }, () => event('a', 'GO'))]);
  expect(pictureOfSequence(many).height).toBe(pictureOfSequence(few).height);
});

test('an event is written as its type, or as JSON', () => {
  expect(readEvent(' GO ')).toEqual({ type: 'GO' });
  expect(readEvent('{"type":"GO","n":1}')).toEqual({ type: 'GO', n: 1 });
  expect(readEvent('{"n":1}')).toBe('expected an event with a type');
  expect(readEvent('')).toBe('expected the type of an event');
  expect(readEvent('{')).toMatch(/JSON/);
});

test('events that active states answer to are proposed, but for those of xstate', () => {
  const { chart } = chartOf(JSON.stringify(orderMachine.config, named)) as DrawnChart;
  const proposed = (value: unknown) => eventsFrom(chart, activeStates(chart, value)).sort();
  expect(proposed('shopping')).toEqual(['ADD', 'CHECK_OUT', 'RETURN']);
  expect(proposed({ checkout: 'paying' })).toEqual(['BACK']);
});
