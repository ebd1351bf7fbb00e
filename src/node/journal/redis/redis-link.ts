/** A connection to Redis that survives outages and failovers. */

import timers from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreCorrupt, StoreFull, StoreUnreachable } from '../../../index.ts';
import { later } from '../../../kit/later.ts';
import {
  type Connected,
  clientOf,
  type RedisClient,
  type RedisConnection,
  shown,
} from '../../redis/connection.ts';
import type { Script } from './scripts.ts';

/** A word of a command. */
type Word = string | number;

/** Milliseconds without an answer after which the connection is replaced. */
const SILENCE_MS = 5000;
/** The maximum delay between two attempts to connect, in milliseconds. */
const RECONNECT_MS = 500;
/** Milliseconds before a command is repeated on a client that belongs to the user. */
const ASK_AGAIN_MS = 50;

export class RedisLink {
  readonly client: RedisClient;
  /** The address of Redis, for messages. */
  readonly where: string;
  readonly #isOwn: boolean;
  readonly #maxOutage: number;
  readonly #noteError = (error: unknown) => {
    this.#lastError = error;
  };
  #lastError: unknown = undefined;
  #isClosed = false;

  private constructor({ client, isOwn, where }: Connected, maxOutage: number) {
    this.client = client;
    this.where = where;
    this.#isOwn = isOwn;
    this.#maxOutage = maxOutage;
    client.on('error', this.#noteError);
  }

  /**
   * @param maxOutage how long an outage may last until a command fails, in milliseconds.
   * @throws StoreUnreachable if Redis cannot be reached now, StoreDriverMissing, TypeError
   */
  static async connect(
    connection: RedisConnection | undefined,
    maxOutage: number,
  ): Promise<RedisLink> {
    const link = new RedisLink(
      await clientOf(connection, {
        maxRetriesPerRequest: null,
        socketTimeout: SILENCE_MS,
        connectTimeout: SILENCE_MS,
        retryStrategy: (times) => Math.min(times * 20, RECONNECT_MS),
      }),
      maxOutage,
    );
    try {
      if (link.#isOwn) await link.client.connect();
      await link.ask('PING');
    } catch (error) {
      link.close();
      throw error instanceof StoreUnreachable ? error : link.#unreachable('an error', error);
    }
    return link;
  }

  /**
   * Runs an idempotent command: it is repeated if the connection is lost meanwhile.
   *
   * @throws StoreUnreachable, StoreFull, errors of Redis.
   */
  async ask(command: string, ...words: Word[]): Promise<unknown> {
    let stop: (() => void) | undefined;
    const outage = new Promise<never>((_, reject) => {
      const got = `no answer for ${this.#maxOutage} ms`;
      const giveUp = () => reject(this.#unreachable(got, this.#lastError));
      stop = later(this.#maxOutage, giveUp, timers);
    });
    try {
      return await Promise.race([this.#untilAnswered(command, words, outage), outage]);
    } finally {
      stop?.();
    }
  }

  /** Runs a script, see {@link ask}. */
  async run(script: Script, keys: readonly string[], words: readonly Word[]): Promise<unknown> {
    const rest = [keys.length, ...keys, ...words];
    try {
      return await this.ask('EVALSHA', script.sha, ...rest);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return this.ask('EVAL', script.text, ...rest);
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#isOwn) this.client.disconnect();
    else this.client.off('error', this.#noteError);
  }

  async #untilAnswered(
    command: string,
    words: readonly Word[],
    outage: Promise<never>,
  ): Promise<unknown> {
    let isOver = false;
    outage.catch(() => {
      isOver = true;
    });
    for (;;) {
      try {
        return await this.client.call(command, ...words);
      } catch (error) {
        if (isReply(error)) throw this.#refusal(error as Error);
        if (this.#isClosed || isOver) throw this.#unreachable('an error', error);
      }
      await wait(ASK_AGAIN_MS);
    }
  }

  #refusal(error: Error): Error {
    const cause = shown(error);
    const { message } = cause;
    if (/\bOOM\b/.test(message)) {
      return new StoreFull(`expected room for more, got a Redis that is full: ${this.where}`, {
        cause,
      });
    }
    if (!UNUSABLE.test(message)) return cause;
    return new StoreCorrupt(
      `expected what a journal consists of, got '${message}': ${this.where}`,
      0,
      cause,
    );
  }

  #unreachable(got: string, error: unknown): StoreUnreachable {
    const last = this.#lastError ?? error;
    const why = last === undefined ? '' : ` (${shown(last).message})`;
    return new StoreUnreachable(`expected an answer of Redis, got ${got}${why}: ${this.where}`, {
      ...(last === undefined ? {} : { cause: shown(last) }),
    });
  }
}

/** Errors of Redis if a key holds something else than what was stored there. */
const UNUSABLE = /WRONGTYPE|not an integer|specified in XADD/;

/** Whether Redis itself refused the command permanently: not while it is loading or failing over. */
function isReply(error: unknown): boolean {
  const { name, message } = error as Error;
  return (
    name === 'ReplyError' &&
    !/^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/.test(message)
  );
}
