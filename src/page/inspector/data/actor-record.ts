/** One actor: who it is, and what was received of it. */

import {
  type Entry,
  eventType,
  type MessageOf,
  type SentEvent,
  type Snapshot,
} from './messages.ts';

type SnapshotEntry = Entry<MessageOf<'@xstate.snapshot'>>;
type EventEntry = Entry<MessageOf<'@xstate.event'>>;

/** How an actor was after some message. */
export interface Moment {
  readonly snapshot: Snapshot | undefined;
  /** The one before it. */
  readonly before: Snapshot | undefined;
  /** What led from one to the other. */
  readonly event: SentEvent | undefined;
  readonly at: number;
  /** The message that said so. */
  readonly since: number;
}

const SHORT = 80;

export class ActorRecord {
  readonly key: string;
  readonly program: number;
  readonly sessionId: string;
  /** The first message that was received of it. */
  readonly since: number;
  /** Its id in its system, as the program has sent it. */
  id: string;
  /** For people. */
  name: string;
  parentKey: string | undefined = undefined;
  /** The config of its machine as JSON. */
  definition: string | undefined = undefined;
  #announced: Snapshot | undefined = undefined;
  #announcedAt: number;
  /** The latest snapshot of those that were dropped. */
  base: SnapshotEntry | undefined = undefined;
  snapshots: SnapshotEntry[] = [];
  /** Those that it got, and those that it sent. */
  events: EventEntry[] = [];

  constructor({ program, seq, at }: Entry, sessionId: string) {
    this.key = `${program}/${sessionId}`;
    this.program = program;
    this.sessionId = sessionId;
    this.since = seq;
    this.id = sessionId;
    this.name = sessionId;
    this.#announcedAt = at;
  }

  announce({ at, message }: Entry<MessageOf<'@xstate.actor'>>): void {
    const { name, parentId, definition, snapshot } = message;
    if (typeof name === 'string' && name !== '') {
      this.id = name;
      this.name = nameOf(name);
    }
    if (typeof parentId === 'string') this.parentKey = `${this.program}/${parentId}`;
    if (typeof definition === 'string') this.definition = definition;
    this.#announced ??= snapshot ?? undefined;
    this.#announcedAt = at;
  }

  /** How it was after a message. */
  at(seq: number): Moment {
    const place = numUntil(this.snapshots, seq) - 1;
    const entry = this.snapshots[place] ?? this.base;
    if (entry === undefined) {
      const at = this.#announcedAt;
      const { since } = this;
      return { snapshot: this.#announced, before: undefined, event: undefined, at, since };
    }
    const earlier = this.snapshots[place - 1] ?? (entry === this.base ? undefined : this.base);
    const { snapshot, event } = entry.message;
    return {
      snapshot: snapshot ?? undefined,
      before: earlier === undefined ? this.#announced : (earlier.message.snapshot ?? undefined),
      event: eventType(event) === '' ? undefined : (event ?? undefined),
      at: entry.at,
      since: entry.seq,
    };
  }

  /** Drops what is older; returns whether nothing is left. */
  dropBefore(first: number): boolean {
    const numSnapshots = numUntil(this.snapshots, first - 1);
    if (numSnapshots > 0) {
      this.base = this.snapshots[numSnapshots - 1];
      this.snapshots = this.snapshots.slice(numSnapshots);
    }
    const numEvents = numUntil(this.events, first - 1);
    if (numEvents > 0) this.events = this.events.slice(numEvents);
    return this.snapshots.length === 0 && this.events.length === 0;
  }
}

/** What xstate calls an invocation without an id: `0.machine.state`. */
const INVOCATION = /^(\d+)\.[^.]+\.(.+)$/;

/** Of an invocation without an id only the state that invokes it: its parent is in the tree. */
function nameOf(id: string): string {
  const [, place, state] = INVOCATION.exec(id) ?? [];
  if (state === undefined) return id;
  return place === '0' ? state : `${state} (${Number(place) + 1})`;
}

/** How many of them there were up to a message. */
export function numUntil(entries: readonly Entry[], seq: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as Entry).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The state of a machine in a line: `running.active`, `left.on, right.off`. */
export function stateText(value: unknown): string {
  const text = pathsOf(value).join(', ');
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

/** Deeper states are no one's. */
const DEEPEST = 60;

/** Every innermost active state, by its path from the root. */
function pathsOf(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, inside]) => {
    const paths = pathsOf(inside, depth + 1);
    return paths.length === 0 ? [name] : paths.map((path) => `${name}.${path}`);
  });
}
