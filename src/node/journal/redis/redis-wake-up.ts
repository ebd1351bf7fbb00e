/** Waiting for what another process appends. Redis says so at once. */

import { setTimeout as wait } from 'node:timers/promises';
import { WakeUp } from '../../../kit/wake-up.ts';
import { anotherOf, type RedisClient } from '../../redis/connection.ts';
import { entryId } from './bounds.ts';

/** After this many milliseconds those waiting look themselves. */
const BLOCK_MS = 2000;
/** After an error. */
const AGAIN_MS = 250;
/** More than any batch has. */
const ALL = 2 ** 40;

export class RedisWakeUp extends WakeUp {
  readonly #client: RedisClient;
  readonly #events: string;
  /** The event that comes next, as far as it is known. */
  readonly #nextSeq: () => number;
  /** A connection of its own: it is blocked while it waits. */
  #follower: RedisClient | undefined = undefined;
  #waiting = 0;
  #isFollowing = false;
  #isClosed = false;

  constructor(client: RedisClient, events: string, nextSeq: () => number) {
    super();
    this.#client = client;
    this.#events = events;
    this.#nextSeq = nextSeq;
  }

  override async wait(signal?: AbortSignal): Promise<void> {
    this.#waiting++;
    if (!this.#isFollowing && !this.#isClosed) void this.#follow();
    await super.wait(signal);
    this.#waiting--;
  }

  close(): void {
    this.#isClosed = true;
    this.#follower?.disconnect();
    this.wake();
  }

  async #follow(): Promise<void> {
    this.#isFollowing = true;
    while (this.#waiting > 0 && !this.#isClosed) {
      this.#follower ??= this.#connect();
      const seen = entryId(this.#nextSeq() - 1, ALL);
      const words = ['COUNT', 1, 'BLOCK', BLOCK_MS, 'STREAMS', this.#events];
      try {
        await this.#follower.call('XREAD', ...words, this.#nextSeq() === 0 ? '0-0' : seen);
      } catch {
        if (!this.#isClosed) await wait(AGAIN_MS);
      }
      this.wake();
      // Those who were woken look, and wait again or not.
      await wait(0);
    }
    this.#isFollowing = false;
  }

  #connect(): RedisClient {
    const follower = anotherOf(this.#client);
    // What is wrong is said by the connection that reads.
    follower.on('error', () => {});
    return follower;
  }
}
