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
  | { readonly type: '@program.closed' };

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

/** What the server sends at once. */
export interface Batch {
  /** The oldest that it keeps. */
  readonly first: number;
  /** Where actors stood before that. */
  readonly bases: readonly Entry[];
  readonly entries: readonly Entry[];
}

export function isEntryOf<T extends Message['type']>(
  entry: Entry,
  type: T,
): entry is Entry<MessageOf<T>> {
  return entry.message.type === type;
}

/** The type of an event, as text. */
export function eventType(event: SentEvent | null | undefined): string {
  return typeof event?.type === 'string' ? event.type : '';
}
