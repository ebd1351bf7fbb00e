/** A watch that survives the loss of its connection. */

import type { PoolEvent } from '../../index.ts';
import { CommandRefused, ConnectionLost } from './errors.ts';
import type { Asked, OnEvent, Request } from './exchange.ts';
import { valueIn } from './protocol.ts';
import { Watch, type WatchArguments } from './watch.ts';

/** A connection that is established again when it is lost. */
export interface Reconnecting {
  readonly status: 'connecting' | 'connected' | 'closed';
  readonly failure: Error | undefined;
  /** The unique id of the pool; undefined if it is not known. */
  readonly uid: string | undefined;
  connected(): Promise<unknown>;
  ask(asked: Asked, onEvent?: OnEvent): Request;
}

/** A `seq` that no event has reached yet. */
const NEVER = Number.MAX_SAFE_INTEGER;

export class LastingWatch implements AsyncIterableIterator<PoolEvent> {
  readonly #link: Reconnecting;
  readonly #args: WatchArguments;
  /** The last event that the loop got; undefined until the start is known. */
  #since: number | undefined;
  #watch: Watch | undefined = undefined;
  /** The pool that is watched. */
  #uid: string | undefined = undefined;
  #isOver = false;

  constructor(link: Reconnecting, args: WatchArguments) {
    this.#link = link;
    this.#args = args;
    this.#since = args.since;
  }

  async next(): Promise<IteratorResult<PoolEvent, undefined>> {
    while (!this.#isOver) {
      try {
        this.#watch ??= await this.#begin();
        const result = await this.#watch.next();
        if (result.done === true) {
          if (this.#isOver || (await this.#isClosed())) break;
          // The server ended the watch because it is about to close.
          this.#watch = undefined;
          continue;
        }
        this.#since = result.value.seq;
        return result;
      } catch (error) {
        this.#watch = undefined;
        const isLost = error instanceof ConnectionLost && this.#link.status !== 'closed';
        if (isLost && !this.#isOver) continue;
        const isWanted = this.#isOver || this.#link.failure === undefined;
        this.#isOver = true;
        if (error instanceof ConnectionLost && isWanted) break;
        throw error;
      }
    }
    this.#isOver = true;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<PoolEvent, undefined>> {
    this.#isOver = true;
    await this.#watch?.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #begin(): Promise<Watch> {
    await this.#link.connected();
    const { uid } = this.#link;
    if (this.#uid !== undefined && uid !== this.#uid) {
      throw new CommandRefused(
        'AnotherPool',
        'expected the same pool after reconnecting, got another one: start a new watch',
      );
    }
    this.#uid = uid;
    // The start is fixed even when watching from now on, since a connection may be lost before the first event.
    this.#since ??= await this.#lastSeq();
    const request = (asked: Asked, onEvent?: OnEvent) => this.#link.ask(asked, onEvent);
    const requests = { request, isClosing: false };
    return new Watch(requests, { ...this.#args, since: this.#since });
  }

  async #isClosed(): Promise<boolean> {
    return valueIn(await this.#link.ask({ command: 'is-closed', args: {} }).answer) === true;
  }

  async #lastSeq(): Promise<number> {
    const args = { from: NEVER, limit: 1 };
    const value = valueIn(await this.#link.ask({ command: 'events', args }).answer);
    return (value as { readonly lastSeq: number }).lastSeq;
  }
}
