/** The listed events: of one actor or all, up to a message, filtered by a search. */

import { json } from '../../ui/format.ts';
import { type ActorRecord, numUntil } from './actor-record.ts';
import type { History } from './history.ts';
import { type Entry, type EventEntry, isEntryOf } from './messages.ts';

/** The part of the model on which the list depends. */
export interface Listing {
  readonly history: History;
  readonly selected: ActorRecord | undefined;
  /** The message up to which events are listed. */
  readonly seq: number;
  readonly search: { readonly value: string };
  /** Whether the events of all actors are listed. */
  readonly listsAll: { readonly value: boolean };
}

export function eventRows(model: Listing): readonly EventEntry[] {
  const { history, selected, seq, listsAll } = model;
  const search = model.search.value.toLowerCase();
  const given: readonly Entry[] = listsAll.value ? history.entries : (selected?.events ?? []);
  const rows = given
    .slice(0, numUntil(given, seq))
    .filter((entry) => isEntryOf(entry, '@xstate.event'));
  if (search === '') return rows;
  // A search for an actor shows all its events.
  const found = new Set(
    [...history.actors.values()].filter(({ name }) => name.toLowerCase().includes(search)),
  );
  if (selected !== undefined && found.has(selected) && !listsAll.value) return rows;
  return rows.filter((entry) => textOf(entry).includes(search) || isOfAny(found, entry, history));
}

/** Whether an event was sent by one of the actors, or to one of them. */
function isOfAny(
  actors: ReadonlySet<ActorRecord>,
  { program, message }: EventEntry,
  history: History,
): boolean {
  return [message.sessionId, message.sourceId].some((id) => {
    const actor = history.actorOf(program, id);
    return actor !== undefined && actors.has(actor);
  });
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
