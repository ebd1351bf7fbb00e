/** Follows a stream of Redis, and continues after the last entry when a connection is lost. */

// Imported, since tests may replace the global timers.
import { clearInterval, setInterval } from 'node:timers';
import type { RedisClient } from '../node/redis/connection.ts';
import { messageOf, pauseFor } from './faults.ts';

/** Milliseconds for which Redis blocks a read. */
const BLOCK = 5000;
/** Milliseconds after which a connection without any answer, not even an empty one, is dead. */
const DEAD = 3 * BLOCK;
/** Milliseconds between a failed read and the next one. */
const PAUSE = 200;
/** Entries per read, so that nothing else waits for long. */
const BATCH = 1000;

export interface StreamParts {
  /** A dedicated connection, since reads block it. */
  readonly client: RedisClient;
  readonly key: string;
  /** Called with the names and values of an entry's fields, in turn. Must not throw. */
  readonly onEntry: (fields: readonly string[]) => void;
  /** The stream cannot be read at the moment. */
  readonly onTrouble: (message: string) => void;
}

export class Stream {
  readonly #parts: StreamParts;
  #isClosed = false;
  #watchdog: NodeJS.Timeout | undefined = undefined;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  /** Follows from the current end; resolves when that is known. */
  async start(): Promise<void> {
    const { client, key } = this.#parts;
    const [last] = await client.xrevrange(key, '+', '-', 'COUNT', 1);
    void this.#follow(last?.[0] ?? '0-0');
  }

  close(): void {
    this.#isClosed = true;
    // A read that waits for the next connection is never answered once there will be none.
    clearInterval(this.#watchdog);
    this.#parts.client.disconnect();
  }

  async #follow(from: string): Promise<void> {
    let last = from;
    while (!this.#isClosed) {
      try {
        last = await this.#read(last);
      } catch (error) {
        if (this.#isClosed) return;
        this.#parts.onTrouble(messageOf(error));
        await pauseFor(PAUSE);
      }
    }
  }

  async #read(from: string): Promise<string> {
    const { client, key, onEntry } = this.#parts;
    // ioredis then repeats the read over a new connection.
    const watchdog = setInterval(() => client.disconnect(true), DEAD);
    this.#watchdog = watchdog;
    const answer = await client
      .xread('COUNT', BATCH, 'BLOCK', BLOCK, 'STREAMS', key, from)
      .finally(() => clearInterval(watchdog));
    const [, entries] = answer?.[0] ?? ['', []];
    for (const [, fields] of entries) onEntry(fields);
    return entries.at(-1)?.[0] ?? from;
  }
}

/** The fields of an entry, by name. */
export function recordOf(fields: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2)
    record[fields[i] as string] = fields[i + 1] as string;
  return record;
}
