/** The limits of a server. */

import { type Check, checkCount } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';

/** The limits of a server for its clients, each a positive integer. */
export interface ServerLimits {
  /** The maximum length of a line, in bytes. Default: 1,048,576 (1 MiB). */
  readonly maxLineLength?: number;
  /** The time for a client to send its first line, in milliseconds. Default: 10,000. */
  readonly handshakeTimeout?: number;
  /** The maximum number of connections. Default: 1,024. */
  readonly maxConnections?: number;
  /** The maximum number of concurrent requests of one connection, in JSON. Default: 1,000. */
  readonly maxRequests?: number;
  /** The maximum number of concurrent requests of all connections, in JSON. Default: 16,384. */
  readonly maxTotalRequests?: number;
  /**
   * The maximum unsent output for one client, in bytes: a client that reads too slowly is disconnected. It also
   * limits the length of an answer. Default: 16,777,216 (16 MiB).
   */
  readonly maxBuffered?: number;
  /**
   * The maximum unsent output for all clients together, in bytes: the client with most of it is disconnected.
   * Default: 67,108,864 (64 MiB).
   */
  readonly maxTotalBuffered?: number;
  /**
   * The maximum size of unfinished lines of all clients together, in bytes: the client with most of it is
   * disconnected. Default: 67,108,864 (64 MiB).
   */
  readonly maxTotalReceived?: number;
}

/** The maximum length of the first line in bytes; its sender is not authenticated yet. */
export const MAX_HANDSHAKE_LENGTH = 16_384;

/** Milliseconds without traffic after which TCP probes whether the peer is alive. */
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

/** @throws TypeError, RangeError unless each is a positive integer. */
export const checkLimits: Check = (name, limits) => LIMITS.check(name, limits, `${name}.`);

/** Fills in the default limits. */
export function limitsOf(limits: ServerLimits = {}): Required<ServerLimits> {
  return LIMITS.fill(limits, DEFAULTS);
}
