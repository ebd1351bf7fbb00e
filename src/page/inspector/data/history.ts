/** All actors and their messages: now, and after any message. */

import { ActorRecord } from './actor-record.ts';
import { type Batch, type Entry, isEntryOf } from './messages.ts';

/** The maximum number of actors remembered without messages. */
const MAX_FORGOTTEN = 5000;

export class History {
  /** In order of arrival. */
  entries: Entry[] = [];
  readonly actors = new Map<string, ActorRecord>();
  /** By program, the message after which its connection was closed. */
  readonly closed = new Map<number, number>();
  #first = 0;

  /** The number of dropped messages, the oldest ones. */
  get numDropped(): number {
    return this.#first;
  }

  /** The number of the latest message; -1 before there is one. */
  get last(): number {
    return this.#first + this.entries.length - 1;
  }

  add({ first, bases, entries }: Batch): void {
    this.#dropBefore(first);
    for (const entry of bases) this.#addBase(entry);
    for (const entry of entries) if (entry.seq > this.last) this.#add(entry);
  }

  /** Whether the connection of a program was closed by then. */
  isClosed(program: number, seq: number): boolean {
    return (this.closed.get(program) ?? Number.POSITIVE_INFINITY) <= seq;
  }

  /**
   * @param sessionId as received: it may be anything, even something that cannot be converted to a string.
   */
  actorOf(program: number, sessionId: unknown): ActorRecord | undefined {
    return typeof sessionId === 'string' ? this.actors.get(`${program}/${sessionId}`) : undefined;
  }

  #addBase(entry: Entry): void {
    if (isEntryOf(entry, '@xstate.actor')) this.#actor(entry).announce(entry);
    else if (isEntryOf(entry, '@xstate.snapshot')) {
      const actor = this.#actor(entry);
      if (actor.snapshots.length === 0) actor.base = entry;
    }
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    if (isEntryOf(entry, '@xstate.actor')) this.#actor(entry).announce(entry);
    else if (isEntryOf(entry, '@xstate.snapshot')) this.#actor(entry).snapshots.push(entry);
    else if (isEntryOf(entry, '@xstate.event')) {
      const target = this.#actor(entry);
      const source = this.actorOf(entry.program, entry.message.sourceId);
      target.events.push(entry);
      if (source !== target) source?.events.push(entry);
    } else this.closed.set(entry.program, entry.seq);
  }

  #actor(entry: Entry<{ type: never; sessionId: string }> | Entry): ActorRecord {
    const { sessionId } = entry.message as { readonly sessionId: string };
    const key = `${entry.program}/${sessionId}`;
    let actor = this.actors.get(key);
    if (actor === undefined) {
      actor = new ActorRecord(entry, sessionId);
      this.actors.set(key, actor);
    }
    return actor;
  }

  #dropBefore(first: number): void {
    const count = first - this.#first;
    if (count <= 0) return;
    this.entries = this.entries.slice(count);
    this.#first = first;
    const forgotten: string[] = [];
    for (const [key, actor] of this.actors) if (actor.dropBefore(first)) forgotten.push(key);
    for (const key of forgotten.slice(0, -MAX_FORGOTTEN)) this.actors.delete(key);
  }
}
