/** The listed events: of one actor or all, up to a message, filtered by a search. */

import { json } from '../../ui/format.ts';
import { numUntil } from './actor-record.ts';
import { type Entry, type EventEntry, isEntryOf } from './messages.ts';
import type { Model } from './model.ts';

export function eventRows(model: Model): readonly EventEntry[] {
  const { history, selected, seq, listsAll } = model;
  const search = model.search.value.toLowerCase();
  const given: readonly Entry[] = listsAll.value ? history.entries : (selected?.events ?? []);
  const rows = given
    .slice(0, numUntil(given, seq))
    .filter((entry) => isEntryOf(entry, '@xstate.event'));
  if (search === '') return rows;
  // A search for an actor shows all its events.
  const nameMatches = selected?.name.toLowerCase().includes(search) === true && !listsAll.value;
  return nameMatches ? rows : rows.filter((entry) => textOf(entry).includes(search));
}

/** The maximum length of a listed payload. */
const LONGEST = 300;

const texts = new WeakMap<EventEntry, string>();

function textOf(entry: EventEntry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = json(entry.message.event, Number.POSITIVE_INFINITY).toLowerCase();
    texts.set(entry, text);
  }
  return text;
}

/** The data of an event besides its type, on one line. */
export function payloadOf({ message }: EventEntry): string {
  const { type: _, ...payload } = (message.event ?? {}) as { readonly type?: unknown };
  return Object.keys(payload).length === 0 ? '' : json(payload, LONGEST);
}
