/** What a search finds among the events. */

import { expect, test } from 'vitest';
import { eventRows } from '../../../src/page/inspector/data/event-rows.ts';
import { History } from '../../../src/page/inspector/data/history.ts';
import type { Message } from '../../../src/page/inspector/data/messages.ts';

const actor = (sessionId: string, name: string): Message => ({
  type: '@xstate.actor',
  sessionId,
  name,
});
const event = (sessionId: string, type: string, sourceId?: string): Message => ({
  type: '@xstate.event',
  sessionId,
  event: { type },
  sourceId,
});

function found(search: string, listsAll: boolean): unknown[] {
  const history = new History();
  const messages = [
    actor('x:0', 'list'),
    event('x:0', 'ADD'),
    actor('x:1', 'Entry-7'),
    event('x:1', 'TOGGLE', 'x:0'),
    event('x:0', 'DONE', 'x:1'),
    event('x:0', 'entry'),
  ];
  const entries = messages.map((message, seq) => ({ seq, program: 0, at: 0, message }));
  history.add({ first: 0, bases: [], entries });
  const model = {
    history,
    selected: history.actorOf(0, 'x:0'),
    seq: history.last,
    search: { value: search },
    listsAll: { value: listsAll },
  };
  return eventRows(model).map(({ message }) => message.event?.type);
}

test.each([
  ['', true, ['ADD', 'TOGGLE', 'DONE', 'entry']],
  ['entry-', true, ['TOGGLE', 'DONE']],
  ['Entry', false, ['TOGGLE', 'DONE', 'entry']],
  ['list', false, ['ADD', 'TOGGLE', 'DONE', 'entry']],
  ['toggle', true, ['TOGGLE']],
  ['none', true, []],
])('%j, of all actors: %j', (search, listsAll, types) => {
  expect(found(search, listsAll)).toEqual(types);
});
