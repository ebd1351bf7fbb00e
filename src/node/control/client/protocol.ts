/** What the server of the JSON protocol says, as the client reads it. */

import type { Json, PoolEvent } from '../../../index.ts';

/** Who answered the first line. */
export interface Greeting {
  /** The pool that the session begins with: `SimpleTaskPool-0`. */
  readonly pool: string;
  /** All the pools that the server serves. */
  readonly pools: readonly string[];
  /** Whether the server refuses what changes a pool. */
  readonly readOnly: boolean;
}

/** Why something was refused. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A line of the server. */
export type Message = {
  /** The request that it belongs to. */
  readonly id?: number;
} & (Answer | { readonly event: PoolEvent });

/** The end of a request. */
export type Answer =
  | {
      readonly ok: true;
      readonly value: Json;
      /** The value as a person reads it; there if the request was a command line. */
      readonly text?: string;
    }
  | { readonly ok: false; readonly error: Refusal };

/** A line as a message; undefined if it is none. */
export function readMessage(line: string): Message | undefined {
  try {
    const message = JSON.parse(line) as Message | null;
    const isMessage = message !== null && ('ok' in message || 'event' in message);
    return isMessage ? message : undefined;
  } catch {
    return undefined;
  }
}
