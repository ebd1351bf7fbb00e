/** How much of everything a server allows. */

import { checkCount } from '../../kit/checks.ts';
import { type Check, OptionBag } from '../../kit/option-bag.ts';

/** What a server allows to its clients. */
export interface ServerLimits {
  /** How long a line may be, in bytes. Default: 1 MiB. */
  readonly maxLineLength?: number;
  /** How long a client may take for its first line, in milliseconds. Default: 10,000. */
  readonly handshakeTimeout?: number;
  /** How many connections there may be at once. Default: 1,024. */
  readonly maxConnections?: number;
  /** How many requests of one connection may run at once, in JSON. Default: 1,000. */
  readonly maxRequests?: number;
  /** How many requests of all connections may run at once, in JSON. Default: 16,384. */
  readonly maxTotalRequests?: number;
  /**
   * How much may wait to be sent to one client, in bytes: one that reads too slowly is cut off. No
   * answer may be longer. Default: 16 MiB.
   */
  readonly maxBuffered?: number;
  /**
   * How much may wait to be sent to all clients together, in bytes: the one for which most waits is
   * cut off. Default: 64 MiB.
   */
  readonly maxTotalBuffered?: number;
  /**
   * How much of lines that have not ended may be held for all clients together, in bytes: the one
   * with most of it is cut off. Default: 64 MiB.
   */
  readonly maxTotalReceived?: number;
}

/** A first line is short, and its sender is not known yet. */
export const MAX_HANDSHAKE_LENGTH = 16_384;

/** How long peers may be silent before it is asked whether they are there: milliseconds. */
export const KEEP_ALIVE = 60_000;

const DEFAULTS: Required<ServerLimits> = {
  maxLineLength: 1_048_576,
  handshakeTimeout: 10_000,
  maxConnections: 1024,
  maxRequests: 1000,
  maxTotalRequests: 16_384,
  maxBuffered: 16_777_216,
  maxTotalBuffered: 67_108_864,
  maxTotalReceived: 67_108_864,
};

const LEAST: Check = (name, value) => checkCount(name, value, 1);
const LIMITS = new OptionBag<ServerLimits>({
  maxLineLength: [LEAST],
  handshakeTimeout: [LEAST, 'timeout'],
  maxConnections: [LEAST],
  maxRequests: [LEAST],
  maxTotalRequests: [LEAST],
  maxBuffered: [LEAST],
  maxTotalBuffered: [LEAST],
  maxTotalReceived: [LEAST],
});

/** @throws TypeError, RangeError unless each is a whole number from 1 on. */
export const checkLimits: Check = (name, limits) => LIMITS.check(name, limits, `${name}.`);

/** The limits given, and the defaults for those that are not. */
export function limitsOf(limits: ServerLimits = {}): Required<ServerLimits> {
  return LIMITS.fill(limits, DEFAULTS);
}
