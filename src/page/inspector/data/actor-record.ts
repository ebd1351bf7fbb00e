/** An actor and its messages. */

import {
  type Entry,
  eventType,
  type MessageOf,
  type SentEvent,
  type Snapshot,
} from './messages.ts';

type SnapshotEntry = Entry<MessageOf<'@xstate.snapshot'>>;
type EventEntry = Entry<MessageOf<'@xstate.event'>>;

/** An actor's state after a message. */
export interface ActorMoment {
  readonly snapshot: Snapshot | undefined;
  /** The previous snapshot. */
  readonly before: Snapshot | undefined;
  /** The event that led from one to the other. */
  readonly event: SentEvent | undefined;
  readonly at: number;
  /** The message with the snapshot. */
  readonly since: number;
}

const SHORT = 80;

export class ActorRecord {
  readonly key: string;
  readonly program: number;
  readonly sessionId: string;
  /** The first message about it. */
  readonly since: number;
  /** Its id in its system, as sent by the program. */
  id: string;
  /** The display name. */
  name: string;
  parentKey: string | undefined = undefined;
  /** The config of its machine as JSON. */
  definition: string | undefined = undefined;
  #announced: Snapshot | undefined = undefined;
  #announcedAt: number;
  /** The latest dropped snapshot. */
  base: SnapshotEntry | undefined = undefined;
  snapshots: SnapshotEntry[] = [];
  /** Received and sent events. */
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

  /** Its state after a message. */
  at(seq: number): ActorMoment {
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

  /** Drops older messages; returns whether none are left. */
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

/** Matches xstate's id of an invocation without its own id: `0.machine.state`. */
const INVOCATION = /^(\d+)\.[^.]+\.(.+)$/;

/** The name of such an invocation is that of its state, since its parent is visible in the tree. */
function nameOf(id: string): string {
  const [, place, state] = INVOCATION.exec(id) ?? [];
  if (state === undefined) return id;
  return place === '0' ? state : `${state} (${Number(place) + 1})`;
}

/** The number of entries up to a message. */
export function numUntil(entries: readonly Entry[], seq: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as Entry).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The state of a machine on one line: `running.active`, `left.on, right.off`. */
export function stateText(value: unknown): string {
  const text = pathsOf(value).join(', ');
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

/** The maximum depth of states. */
const DEEPEST = 60;

/** All innermost active states, by their paths from the root. */
function pathsOf(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, inside]) => {
    const paths = pathsOf(inside, depth + 1);
    return paths.length === 0 ? [name] : paths.map((path) => `${name}.${path}`);
  });
}
