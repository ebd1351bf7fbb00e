/** Buffers the events of a `watch` command for a loop. */

import type { EventType, PoolEvent } from '../../index.ts';
import { Fifo } from '../../kit/fifo.ts';
import { WakeUp } from '../../kit/wake-up.ts';
import { LimitExceeded } from '../errors.ts';
import { CommandRefused } from './errors.ts';
import type { Request, Requests } from './exchange.ts';

/** The maximum number of buffered events; beyond it the watch fails. */
const MOST_WAITING = 100_000;
/** The maximum size of buffered events as JSON, in characters. */
const MOST_CHARACTERS = 268_435_456;

/** The options of a watch. */
export interface WatchArguments {
  /** The types of events. Default: all. */
  readonly types?: readonly EventType[];
  /** Start after the event with this `seq`. Default: with the next event. */
  readonly since?: number;
}

/** Starts watching when it is created, and buffers events until the loop takes them. */
export class Watch implements AsyncIterableIterator<PoolEvent> {
  readonly #request: Request;
  readonly #waiting = new Fifo<PoolEvent>();
  /** The size of the events that arrived since the buffer was last empty. */
  #size = 0;
  #isOver = false;
  #failure: Error | undefined;
  /** Wakes callers that wait for an event or the end. */
  readonly #news = new WakeUp();

  constructor(connection: Requests, args: WatchArguments) {
    const asked = { command: 'watch', args: { ...args } };
    this.#request = connection.request(asked, (event, size) => this.#receive(event, size));
    this.#request.answer.then(
      (answer) => {
        if (answer.ok || this.#isOver) this.#end();
        else this.#end(new CommandRefused(answer.error.code, answer.error.message));
      },
      (error: Error) => this.#end(connection.isClosing ? undefined : error),
    );
  }

  async next(): Promise<IteratorResult<PoolEvent, undefined>> {
    while (true) {
      const event = this.#take();
      if (event !== undefined) return { done: false, value: event };
      if (this.#failure !== undefined) {
        const error = this.#failure;
        this.#failure = undefined;
        throw error;
      }
      if (this.#isOver) return { done: true, value: undefined };
      await this.#news.wait();
    }
  }

  /** Ends the watch and drops buffered events. */
  async return(): Promise<IteratorResult<PoolEvent, undefined>> {
    if (!this.#isOver) this.#request.abort();
    this.#waiting.clear();
    this.#failure = undefined;
    this.#end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #receive(event: PoolEvent, size: number): void {
    if (this.#isOver) return;
    this.#size += size;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#fail(`expected at most ${MOST_WAITING} events to wait, got one more`);
    } else if (this.#size > MOST_CHARACTERS) {
      this.#fail(`expected at most ${MOST_CHARACTERS} characters of events to wait, got more`);
    } else {
      this.#waiting.push(event);
      this.#news.wake();
    }
  }

  #fail(message: string): void {
    this.#request.abort();
    this.#end(new LimitExceeded(message));
  }

  #take(): PoolEvent | undefined {
    const event = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#size = 0;
    return event;
  }

  #end(failure?: Error): void {
    if (!this.#isOver) this.#failure = failure;
    this.#isOver = true;
    this.#news.wake();
  }
}
