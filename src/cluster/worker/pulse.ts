/**
 * The heartbeat of a worker. It comes from a thread, so that a worker whose event loop is blocked does not count as
 * dead; the thread also detects the blocking.
 */

import { createRequire } from 'node:module';
// Imported, since tests may replace the global timers.
import timers from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { RedisClient, RedisConnection } from '../../node/redis/connection.ts';
import { isPassing } from '../faults.ts';
import type { ClusterKeys } from '../names.ts';
import { run } from '../scripts.ts';
import { BEAT } from './scripts.ts';

/** Milliseconds between two beats. */
const PERIOD = 1000;
/** The number of ticks of the event loop per period. */
const TICKS = 10;
/** A millisecond in nanoseconds. */
const NS = 1_000_000n;
/**
 * The layout of the shared memory: the tick count of the event loop, and the time of the last beat that Redis
 * confirmed.
 */
const TURN = 0;
const BEAT_AT = 1;

export interface PulseParts {
  readonly client: RedisClient;
  readonly connection: RedisConnection;
  readonly keys: ClusterKeys;
  readonly id: string;
  /** The registered information of the worker, as JSON. */
  readonly info: string;
  readonly lease: number;
  /** The event loop was blocked for this many milliseconds. */
  readonly onBlocked: (ms: number) => void;
  /** Redis has received no beat for the length of a lease, so the worker counts as dead. */
  readonly onLost: () => void;
}

export interface Pulse {
  readonly isAlive: boolean;
  /** Resolves with the first beat; rejects if Redis refuses it. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

export function startPulse(parts: PulseParts): Pulse {
  return canBeCopied(parts.connection) ? new ThreadPulse(parts) : new TimerPulse(parts);
}

/** Whether a thread can open the same connection: functions and clients cannot be cloned. */
function canBeCopied(connection: RedisConnection): boolean {
  try {
    structuredClone(connection);
    return true;
  } catch {
    return false;
  }
}

/** The time of the last beat that Redis confirmed: in shared memory, in nanoseconds of the monotonic clock. */
class Heard {
  readonly #lease: bigint;
  readonly #onLost: () => void;
  readonly #at: BigInt64Array;
  #isLost = false;

  constructor(at: BigInt64Array, lease: number, onLost: () => void) {
    this.#at = at;
    this.#lease = BigInt(Math.ceil(lease)) * NS;
    this.#onLost = onLost;
    this.beat();
  }

  get isAlive(): boolean {
    return process.hrtime.bigint() - Atomics.load(this.#at, BEAT_AT) < this.#lease;
  }

  beat(): void {
    Atomics.store(this.#at, BEAT_AT, process.hrtime.bigint());
  }

  check(): void {
    const { isAlive } = this;
    if (!isAlive && !this.#isLost) this.#onLost();
    this.#isLost = !isAlive;
  }
}

class ThreadPulse implements Pulse {
  readonly started: Promise<void>;
  readonly #heard: Heard;
  readonly #thread: Worker;
  readonly #timer: NodeJS.Timeout;

  constructor({ connection, keys, id, info, lease, onBlocked, onLost }: PulseParts) {
    const shared = new BigInt64Array(new SharedArrayBuffer(16));
    this.#heard = new Heard(shared, lease, onLost);
    this.#timer = timers.setInterval(() => {
      Atomics.add(shared, TURN, 1n);
      this.#heard.check();
    }, PERIOD / TICKS);
    this.#thread = new Worker(`(${beatInThread.toString()})(require)`, {
      eval: true,
      workerData: {
        ioredis: createRequire(import.meta.url).resolve('ioredis'),
        connection,
        name: `${keys.queue}pulse`,
        script: { lua: BEAT.lua, keys: [keys.beats, keys.workers], id, info },
        shared,
        period: PERIOD,
      },
    });
    this.started = new Promise((resolve, reject) => {
      this.#thread.on('message', (said: number | string) => {
        if (said === 0) resolve();
        else if (typeof said === 'number') onBlocked(said);
        else if (!isPassing(said)) reject(new Error(said));
      });
      this.#thread.on('error', reject);
    });
    this.started.catch(() => {});
  }

  get isAlive(): boolean {
    return this.#heard.isAlive;
  }

  async stop(): Promise<void> {
    timers.clearInterval(this.#timer);
    await this.#thread.terminate();
  }
}

/**
 * The code of the thread. It is converted to text, so it must not use anything from outside. It posts 0 with the
 * first beat, an error message for each failure before, and later how many milliseconds the event loop was blocked.
 */
function beatInThread(load: NodeJS.Require): void {
  const { parentPort, workerData } = load('node:worker_threads');
  // Loaded here, since bundling renames imports, and the build replaces the clock by an import in the command line.
  const { hrtime } = load('node:process');
  const { ioredis, connection, name, script, shared, period } = workerData;
  const { Redis } = load(ioredis);
  const options = { connectionName: name, maxRetriesPerRequest: 1, commandTimeout: period * 2 };
  const client =
    typeof connection === 'string'
      ? new Redis(connection, options)
      : new Redis(Object.assign({}, connection, options));
  client.on('error', () => {});
  let seen = -1n;
  let stillSince = 0;
  let blocked = 0;
  setInterval(() => {
    const now = Number(hrtime.bigint() / 1_000_000n);
    const turn = Atomics.load(shared, 0);
    if (turn !== seen) {
      if (blocked > 0) parentPort.postMessage(blocked);
      seen = turn;
      stillSince = now;
      blocked = 0;
    } else if (now - stillSince > period) blocked = Math.round(now - stillSince);
  }, period / 10);
  let hasBegun = false;
  const beat = async () => {
    try {
      const { lua, keys, id, info } = script;
      await client.eval(lua, keys.length, ...keys, id, info, blocked);
      Atomics.store(shared, 1, hrtime.bigint());
      if (!hasBegun) parentPort.postMessage(0);
      hasBegun = true;
    } catch (error) {
      // Later failures show in the time of the last beat.
      if (!hasBegun) parentPort.postMessage(String((error as Error).message));
    }
    setTimeout(beat, period);
  };
  void beat();
}

/** Used if a thread cannot open the connection: beats while the event loop is not blocked. */
class TimerPulse implements Pulse {
  readonly started: Promise<void>;
  readonly #heard: Heard;
  readonly #parts: PulseParts;
  readonly #timer: NodeJS.Timeout;
  #turnedAt = performance.now();

  constructor(parts: PulseParts) {
    this.#parts = parts;
    const at = new BigInt64Array(new SharedArrayBuffer(16));
    this.#heard = new Heard(at, parts.lease, parts.onLost);
    this.started = this.#beat();
    this.started.catch(() => {});
    this.#timer = timers.setInterval(() => void this.#turn(), PERIOD);
  }

  get isAlive(): boolean {
    return this.#heard.isAlive;
  }

  async stop(): Promise<void> {
    timers.clearInterval(this.#timer);
  }

  async #turn(): Promise<void> {
    const now = performance.now();
    const late = now - this.#turnedAt - PERIOD;
    this.#turnedAt = now;
    if (late > PERIOD) this.#parts.onBlocked(late);
    this.#heard.check();
    await this.#beat().catch(() => {});
  }

  async #beat(): Promise<void> {
    const { client, keys, id, info } = this.#parts;
    await run(client, BEAT, [keys.beats, keys.workers], [id, info, 0]);
    this.#heard.beat();
  }
}
