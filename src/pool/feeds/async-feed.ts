/** Feeds of async iterables. */

import { Fifo } from '../../kit/fifo.ts';
import { runSoon } from '../../kit/jobs.ts';
import { markHandled } from '../../kit/promises.ts';
import { DONE, type Feed, PENDING } from './feed.ts';
import { checked, opened, stop } from './foreign-iterator.ts';

/** The items of an async iterable, pulled one at a time, and `prefetch` of them in advance. */
export class AsyncIterableFeed implements Feed {
  readonly #items: AsyncIterable<unknown>;
  /** Called when an answer has arrived after {@link PENDING}. */
  readonly #onReady: () => void;
  /** How many answers are fetched in advance. */
  readonly #prefetch: number;
  readonly #answers = new Fifo<() => unknown>();
  #iterator: AsyncIterator<unknown> | undefined = undefined;
  #state: 'resting' | 'pulling' | 'closed' = 'resting';
  /** Whether the last answer was {@link PENDING}. */
  #isAwaited = false;

  constructor(items: AsyncIterable<unknown>, onReady: () => void, prefetch: number) {
    this.#items = items;
    this.#onReady = onReady;
    this.#prefetch = prefetch;
  }

  get isSpent(): boolean {
    return this.#state === 'closed' && this.#answers.length === 0;
  }

  next(): unknown {
    const answer = this.#answers.shift();
    const isWanted = answer === undefined || this.#answers.length < this.#prefetch;
    if (isWanted && this.#state === 'resting') void this.#pull();
    if (answer !== undefined) return answer();
    if (this.#state === 'closed') return DONE;
    this.#isAwaited = true;
    return PENDING;
  }

  close(): void {
    const wasClosed = this.#state === 'closed';
    this.#state = 'closed';
    this.#answers.clear();
    const iterator = this.#iterator;
    if (wasClosed || iterator === undefined) return;
    void runSoon(() => stop(iterator));
  }

  async #pull(): Promise<void> {
    this.#state = 'pulling';
    let result: { readonly done: boolean; readonly item: unknown };
    try {
      this.#iterator ??= opened(this.#items[Symbol.asyncIterator]());
      const { done, value: item } = checked(await this.#iterator.next());
      markHandled(item);
      result = { done: Boolean(done), item };
    } catch (error) {
      // Not synchronously within a call of the pool.
      await undefined;
      this.#give('closed', () => {
        throw error;
      });
      return;
    }
    const { done, item } = result;
    this.#give(done ? 'closed' : 'resting', done ? () => DONE : () => item);
  }

  #give(state: 'resting' | 'closed', answer: () => unknown): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.#answers.push(answer);
    if (state === 'resting' && this.#answers.length < this.#prefetch) void this.#pull();
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#onReady();
  }
}
