/** The interface of sessions: lines in, text out. Implemented in `text-session.ts` and `json-session.ts`. */

import type { BasePool } from '../../index.ts';
import type { FunctionSource } from '../function-source.ts';
import type { RequestCount } from './request-count.ts';

/** The destination of a session's output. Every text ends with a newline. */
export interface SessionOutput {
  /** Sends an answer, immediately and as a whole. */
  answer(text: string): void;
  /** Sends an event of `watch`; several may be sent together. */
  event(text: string): void;
  /**
   * Sends an event in two parts. `rest` is the same string for all watchers, so that it must be encoded only once.
   * Default: `event(start + rest)`.
   */
  splitEvent?(start: string, rest: string): void;
  /**
   * Calls `pull` when it is about to send, soon or with the next answer, so that events until then are sent together.
   * Default: each event is passed to `event` immediately.
   */
  soon?(pull: () => void): void;
  /** Resolves when more events can be taken; undefined if they can be taken immediately. Default: undefined. */
  room?(): Promise<void> | undefined;
}

/** The options of a session. */
export interface SessionOptions {
  /** The served pools, at least one; the first is selected at the start. */
  readonly pools: readonly BasePool[];
  /** The names of the pools. Default: kind and name, `TaskPool-0`. */
  readonly names?: ReadonlyMap<BasePool, string>;
  /** Receives the answers. */
  readonly output: SessionOutput;
  /** The functions that clients can run. Default: none. */
  readonly functions?: FunctionSource;
  /** Refuse commands that change the pool. Default: false. */
  readonly readOnly?: boolean;
  /** The width of the client's terminal, in characters. Default: 80. */
  readonly width?: number;
  /** The format of requests and answers. Default: `'text'`. */
  readonly format?: 'text' | 'json';
  /** The maximum number of concurrent requests in JSON. Default: `Infinity`. */
  readonly maxRequests?: number;
  /** Counts the concurrent requests in JSON; may be shared between sessions. Default: a counter of its own. */
  readonly requests?: RequestCount;
  /** The maximum length of an answer, in characters. Default: `Infinity`. */
  readonly maxAnswer?: number;
}

/** The options with their defaults. */
export type SessionSettings = Required<Omit<SessionOptions, 'format' | 'names'>> &
  Pick<SessionOptions, 'names'>;

/** A session. It receives whole lines, without their newline. */
export interface Session {
  /** Whether `exit` or {@link end} was called. */
  readonly isOver: boolean;
  /** Sends the greeting, before anything else. */
  greet(): void;
  /**
   * Handles a line. Never rejects: errors are sent as answers.
   *
   * @returns resolves when the next line may be passed: in text after the answer, in JSON immediately.
   */
  receive(line: string): Promise<void>;
  /** Answers a line that could not be read: too long, not UTF-8. */
  refuse(error: unknown): Promise<void>;
  /** Aborts commands that wait for something, including later ones. */
  stopWaiting(): void;
  /** Resolves when everything so far has been answered. */
  settled(): Promise<void>;
  /** Aborts everything that is running; nothing is answered any more. */
  end(): void;
}
