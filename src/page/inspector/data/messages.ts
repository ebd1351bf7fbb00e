/** What `@statelyai/inspect` sends of a program, and how the server passes it on. */

/** As much of a snapshot as is known of every kind of actor; it may be anything. */
export interface Snapshot {
  readonly status?: unknown;
  /** The state of a machine. */
  readonly value?: unknown;
  readonly context?: unknown;
  readonly [key: string]: unknown;
}

export interface SentEvent {
  readonly type?: unknown;
}

export type Message =
  | {
      readonly type: '@xstate.actor';
      readonly sessionId: string;
      readonly name?: unknown;
      readonly parentId?: unknown;
      /** The config of a machine as JSON. Of others no more than their name. */
      readonly definition?: unknown;
      readonly snapshot?: Snapshot | null;
    }
  | {
      readonly type: '@xstate.event';
      readonly sessionId: string;
      readonly sourceId?: unknown;
      readonly event?: SentEvent | null;
    }
  | {
      readonly type: '@xstate.snapshot';
      readonly sessionId: string;
      readonly event?: SentEvent | null;
      readonly snapshot?: Snapshot | null;
    }
  | {
      readonly type: '@program.closed';
      /** Why the server has closed it, if it has. */
      readonly why?: string | undefined;
    };

export type MessageOf<T extends Message['type']> = Extract<Message, { readonly type: T }>;

/** A message as it was received. */
export interface Entry<M extends Message = Message> {
  /** Counts all that the server has received, from 0. */
  readonly seq: number;
  /** Counts connections: session ids are unique in a program only. */
  readonly program: number;
  readonly at: number;
  readonly message: M;
}

export type EventEntry = Entry<MessageOf<'@xstate.event'>>;

/** What the server sends at once. */
export interface Batch {
  /** The oldest that it keeps. */
  readonly first: number;
  /** Where actors stood before that. */
  readonly bases: readonly Entry[];
  readonly entries: readonly Entry[];
  readonly news?: News;
}

/** What is so now, and is not kept. */
export interface News {
  /** All programs that are connected, if that has changed. */
  readonly programs?: readonly ProgramFacts[];
  readonly refusals: readonly Refusal[];
}

export interface ProgramFacts {
  readonly program: number;
  /** Whether its actors take events. */
  readonly accepts: boolean;
  /** Links to dashboards, by the session ids of the actors of pools. */
  readonly dashboards: Readonly<Record<string, string>>;
}

/** An event that was not sent to an actor. */
export interface Refusal {
  readonly program: number;
  readonly sessionId: string;
  readonly why: string;
}

const INSPECTIONS: ReadonlySet<unknown> = new Set([
  '@xstate.actor',
  '@xstate.event',
  '@xstate.snapshot',
]);
/** Session ids are short: `x:12`. */
const LONGEST_ID = 200;

/** Whether something is a message of `@statelyai/inspect`. What it is about may be anything. */
export function isInspection(
  given: Readonly<Record<string, unknown>>,
): given is Message & typeof given {
  const { type, sessionId } = given;
  if (!INSPECTIONS.has(type) || typeof sessionId !== 'string') return false;
  return sessionId.length <= LONGEST_ID;
}

export function isEntryOf<T extends Message['type']>(
  entry: Entry,
  type: T,
): entry is Entry<MessageOf<T>> {
  return entry.message.type === type;
}

/** Whether an event says that something failed: an actor, or a task of a pool. */
export function isFailure({ message }: EventEntry): boolean {
  const type = eventType(message.event);
  if (type.startsWith('xstate.error.') || type === 'task.failed') return true;
  return type === 'task.ended' && Object(message.event).outcome === 'rejected';
}

/** The type of an event, as text. */
export function eventType(event: SentEvent | null | undefined): string {
  return typeof event?.type === 'string' ? event.type : '';
}
