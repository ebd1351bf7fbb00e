/** What a session is: lines in, text out. `text-session.ts` and `json-session.ts` are the two. */

import type { BasePool } from '../../index.ts';
import type { FunctionSource } from '../function-source.ts';
import type { RequestCount } from './request-count.ts';

/** Where the output of a session goes. Every text ends with a newline. */
export interface SessionOutput {
  /** An answer, which is to be sent at once and as one. */
  answer(text: string): void;
  /** An event of `watch`: many may be sent together. */
  event(text: string): void;
  /**
   * The same in two parts, of which `rest` is the same text for all who watch, so that its bytes need
   * to be made only once. Default: `event(start + rest)`.
   */
  splitEvent?(start: string, rest: string): void;
  /**
   * Calls a function when it is about to send something, soon or with the next answer: what happens until then
   * is sent together. Default: each event is given to `event` as it happens.
   */
  soon?(pull: () => void): void;
  /**
   * Resolves when there is room for more events, for those who have many to send at once; undefined
   * if there is. Default: there always is.
   */
  room?(): Promise<void> | undefined;
}

/** How a session is made. */
export interface SessionOptions {
  /** The pools that it serves, at least one; the first is the one it begins with. */
  readonly pools: readonly BasePool[];
  /** What they are called. Default: kind and name, `TaskPool-0`. */
  readonly names?: ReadonlyMap<BasePool, string>;
  readonly output: SessionOutput;
  /** Default: none. */
  readonly functions?: FunctionSource;
  /** Refuse what changes a pool. Default: false. */
  readonly readOnly?: boolean;
  /** How wide the client's terminal is, in characters. Default: 80. */
  readonly width?: number;
  /** Default: `'text'`. */
  readonly format?: 'text' | 'json';
  /** How many requests may run at once, in JSON. Default: `Infinity`. */
  readonly maxRequests?: number;
  /** Counts the requests that run in JSON, of other sessions as well. Default: of this one only. */
  readonly requests?: RequestCount;
  /** How long an answer may be, in characters. Default: `Infinity`. */
  readonly maxAnswer?: number;
}

/** The same with everything in it. */
export type SessionSettings = Required<Omit<SessionOptions, 'format' | 'names'>> &
  Pick<SessionOptions, 'names'>;

/** A session. It is fed whole lines, without their newline. */
export interface Session {
  /** Whether `exit` was called for, or {@link end}. */
  readonly isOver: boolean;
  /** Says who is there: the first thing that the client gets. */
  greet(): void;
  /**
   * Takes a line. Never rejects: what goes wrong is answered.
   *
   * @returns when the next line may come: with text after the answer, with JSON at once.
   */
  receive(line: string): Promise<void>;
  /** Answers to a line that could not be read: too long, not UTF-8. */
  refuse(error: unknown): Promise<void>;
  /** Gives up what waits for something to happen, and from now on whatever would wait. */
  stopWaiting(): void;
  /** Resolves when all that was asked so far has been answered. */
  settled(): Promise<void>;
  /** Gives up whatever is under way; nothing is answered any more. */
  end(): void;
}
