/** The messages of `@statelyai/inspect`, and how the server forwards them. */

/** The common part of snapshots of all kinds of actors; values may be anything. */
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
      /** The config of a machine as JSON; for other actors only a name. */
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
      /** Why the server closed the connection, if it did. */
      readonly why?: string | undefined;
    };

export type MessageOf<T extends Message['type']> = Extract<Message, { readonly type: T }>;

/** A received message. */
export interface Entry<M extends Message = Message> {
  /** The number of the message among all that the server has received, from 0. */
  readonly seq: number;
  /** The number of the connection: session ids are unique within a program only. */
  readonly program: number;
  readonly at: number;
  readonly message: M;
}

export type EventEntry = Entry<MessageOf<'@xstate.event'>>;

/** A batch of messages from the server. */
export interface Batch {
  /** The number of the oldest message that it keeps. */
  readonly first: number;
  /** The states of actors before that message. */
  readonly bases: readonly Entry[];
  readonly entries: readonly Entry[];
  readonly news?: News;
}

/** Current facts, which are not kept. */
export interface News {
  /** All connected programs, if they have changed. */
  readonly programs?: readonly ProgramFacts[];
  readonly refusals: readonly Refusal[];
}

export interface ProgramFacts {
  readonly program: number;
  /** Whether its actors accept events. */
  readonly accepts: boolean;
  /** Links to dashboards, by the session ids of the pools' actors. */
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
/** The maximum length of a session id; real ones are short: `x:12`. */
const LONGEST_ID = 200;

/** Whether a value is a message of `@statelyai/inspect`. Its payload may be anything. */
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

/** Whether an event reports a failure of an actor, or of a task of a pool. */
export function isFailure({ message }: EventEntry): boolean {
  const type = eventType(message.event);
  if (type.startsWith('xstate.error.') || type === 'task.failed') return true;
  return type === 'task.ended' && Object(message.event).outcome === 'rejected';
}

/** The type of an event as a string. */
export function eventType(event: SentEvent | null | undefined): string {
  return typeof event?.type === 'string' ? event.type : '';
}
