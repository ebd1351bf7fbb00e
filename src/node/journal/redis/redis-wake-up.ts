/** Waits for batches that another process appends. Redis notifies immediately. */

import { setTimeout as wait } from 'node:timers/promises';
import { WakeUp } from '../../../kit/wake-up.ts';
import { anotherOf, type RedisClient } from '../../redis/connection.ts';
import { entryId } from './bounds.ts';

/** Milliseconds after which waiting callers check themselves. */
const BLOCK_MS = 2000;
/** Milliseconds until the next read after an error. */
const AGAIN_MS = 250;
/** More than the events of any batch. */
const ALL = 2 ** 40;

export class RedisWakeUp extends WakeUp {
  readonly #client: RedisClient;
  readonly #events: string;
  /** Returns the next event, as far as it is known. */
  readonly #nextSeq: () => number;
  /** A dedicated connection, which is blocked while it waits. */
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
      // Woken callers read, and may wait again.
      await wait(0);
    }
    this.#isFollowing = false;
  }

  #connect(): RedisClient {
    const follower = anotherOf(this.#client);
    // The connection that reads reports errors.
    follower.on('error', () => {});
    return follower;
  }
}
