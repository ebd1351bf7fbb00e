/** The events that are listed: those of one actor or all, up to a message, that match a search. */

import { numUntil } from './actor-record.ts';
import { type Entry, eventType, isEntryOf, type MessageOf } from './messages.ts';
import type { Model } from './model.ts';

export type EventEntry = Entry<MessageOf<'@xstate.event'>>;

export function eventRows(model: Model): readonly EventEntry[] {
  const { history, selected, seq, listsAll } = model;
  const search = model.search.value.toLowerCase();
  const given: readonly Entry[] = listsAll.value ? history.entries : (selected?.events ?? []);
  const rows = given
    .slice(0, numUntil(given, seq))
    .filter((entry) => isEntryOf(entry, '@xstate.event'));
  if (search === '') return rows;
  // An actor that is searched for shows all of its events.
  const nameMatches = selected?.name.toLowerCase().includes(search) === true && !listsAll.value;
  return nameMatches ? rows : rows.filter((entry) => textOf(entry).includes(search));
}

const texts = new WeakMap<EventEntry, string>();

function textOf(entry: EventEntry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = (JSON.stringify(entry.message.event) ?? '').toLowerCase();
    texts.set(entry, text);
  }
  return text;
}

/** What an event carries besides its type, in a line. */
export function payloadOf({ message }: EventEntry): string {
  const { type: _, ...payload } = (message.event ?? {}) as { readonly type?: unknown };
  return Object.keys(payload).length === 0 ? '' : JSON.stringify(payload).slice(0, 300);
}

export function typeOf({ message }: EventEntry): string {
  return eventType(message.event);
}
