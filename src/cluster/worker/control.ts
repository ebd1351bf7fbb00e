/** Follows the control stream: what a worker has to know at once. */

import type { RedisClient } from '../../node/redis/connection.ts';
import { messageOf, pauseFor } from '../faults.ts';
import type { Command } from '../wire.ts';

/** Milliseconds that Redis keeps a read open. */
const BLOCK = 5000;
const PAUSE = 200;
const BATCH = 1000;

export class Control {
  readonly #client: RedisClient;
  readonly #key: string;
  readonly #obey: (command: Command) => void;
  #isClosed = false;

  /** @param client a connection of its own: it blocks. */
  constructor(client: RedisClient, key: string, obey: (command: Command) => void) {
    this.#client = client;
    this.#key = key;
    this.#obey = obey;
  }

  /** Follows from the end of what is there now; resolves when that is known. */
  async start(onTrouble: (message: string) => void): Promise<void> {
    const [last] = await this.#client.xrevrange(this.#key, '+', '-', 'COUNT', 1);
    void this.#follow(last?.[0] ?? '0-0', onTrouble);
  }

  close(): void {
    this.#isClosed = true;
  }

  async #follow(from: string, onTrouble: (message: string) => void): Promise<void> {
    let last = from;
    while (!this.#isClosed) {
      try {
        last = await this.#read(last);
      } catch (error) {
        if (this.#isClosed) return;
        onTrouble(messageOf(error));
        await pauseFor(PAUSE);
      }
    }
  }

  async #read(from: string): Promise<string> {
    const answer = await this.#client.xread(
      'COUNT',
      BATCH,
      'BLOCK',
      BLOCK,
      'STREAMS',
      this.#key,
      from,
    );
    const [, entries] = answer?.[0] ?? ['', []];
    for (const [, fields] of entries) this.#obey(commandOf(fields));
    return entries.at(-1)?.[0] ?? from;
  }
}

function commandOf(fields: readonly string[]): Command {
  const command: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2)
    command[fields[i] as string] = fields[i + 1] as string;
  return command as unknown as Command;
}
