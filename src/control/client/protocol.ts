/** Parses and checks the messages of a server in the JSON protocol. */

import type { Json, PoolEvent } from '../../index.ts';
import { MAX_MESSAGE_LENGTH } from '../../printable/error.ts';
import { printableMessage, printableName } from '../../printable/text.ts';
import { printableValue } from '../../printable/value.ts';
import { CommandRefused } from './errors.ts';

/** The answer to the first line. */
export interface Greeting {
  /** The pool that the session starts with: `SimpleTaskPool-0`. */
  readonly pool: string;
  /** All pools of the server. */
  readonly pools: readonly string[];
  /** Whether the server refuses commands that change a pool. */
  readonly readOnly: boolean;
  /** The unique ids of `pools`, in the same order: see `pool.uid`. */
  readonly uids: readonly string[];
}

/** An error answer. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A message of the server. */
export type Message = {
  /** The request that it belongs to. */
  readonly id?: number;
} & (Answer | { readonly event: PoolEvent });

/** The final message of a request. */
export type Answer =
  | {
      readonly ok: true;
      readonly value: Json;
      /** The value as text for people; set if the request was a command line. */
      readonly text?: string;
    }
  | { readonly ok: false; readonly error: Refusal };

/**
 * Parses a line as a message; undefined if it is not one, and can be ignored.
 *
 * @throws Error if it is a message but violates the protocol.
 */
export function readMessage(line: string): Message | undefined {
  const message = parseObject(line);
  if (message === undefined) return undefined;
  const { id } = message;
  const belongs = typeof id === 'number' ? { id } : {};
  if ('event' in message) return { ...belongs, event: readEvent(message['event']) };
  if (message['ok'] === true) return { ...belongs, ...readValue(message) };
  if (message['ok'] === false) {
    return { ...belongs, ok: false, error: readRefusal(message['error']) };
  }
  return undefined;
}

/**
 * @throws Error if it is invalid.
 */
function readGreeting(value: Json): Greeting {
  if (isObject(value)) {
    const { pool, pools, readOnly, uids = [] } = value;
    const isNamed = typeof pool === 'string' && isTexts(pools);
    if (isNamed && typeof readOnly === 'boolean' && isTexts(uids)) {
      return { pool, pools, readOnly, uids };
    }
  }
  throw unexpected('the greeting of a control server', value);
}

/**
 * The greeting in the first line of a server.
 *
 * @throws CommandRefused if the server refuses this client, Error if it is not a greeting.
 */
export function greetingIn(line: string): Greeting {
  const message = readMessage(line);
  if (message === undefined || 'event' in message) {
    throw new Error(`expected the greeting of a control server, got ${printableName(line)}`);
  }
  if (!message.ok) throw new CommandRefused(message.error.code, message.error.message);
  return readGreeting(message.value);
}

function readValue({ value = null, text }: Fields): Answer {
  if (text === undefined) return { ok: true, value: value as Json };
  if (typeof text === 'string') return { ok: true, value: value as Json, text };
  throw unexpected('a text beside the value of an answer', text);
}

/** Code and message are often printed, so they are made safe to print here. */
function readRefusal(error: unknown): Refusal {
  if (isObject(error)) {
    const { code, message } = error;
    if (typeof code === 'string' && typeof message === 'string') {
      return { code: printableName(code), message: printableMessage(message, MAX_MESSAGE_LENGTH) };
    }
  }
  throw unexpected('an error with a code and a message', error);
}

/** The latest time of a `Date`, in milliseconds. */
const LATEST = 8.64e15;

function readEvent(event: unknown): PoolEvent {
  if (isObject(event)) {
    const { v, pool, seq, at, type } = event;
    const isTime = typeof at === 'number' && Math.abs(at) <= LATEST;
    const isNamed = typeof pool === 'string' && typeof type === 'string';
    if (isTime && isNamed && typeof seq === 'number' && typeof v === 'number') {
      return event as unknown as PoolEvent;
    }
  }
  throw unexpected('an event of a pool', event);
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function unexpected(expected: string, value: unknown): Error {
  return new Error(`expected ${expected}, got ${printableValue(value)}`);
}

/** The value of an answer. @throws CommandRefused if it is an error. */
export function valueIn(answer: Answer): Json {
  if (answer.ok) return answer.value;
  throw new CommandRefused(answer.error.code, answer.error.message);
}
