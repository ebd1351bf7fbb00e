/** Awaits the items of another feed that are promises, one after the other. */

import { read } from '../../kit/realms.ts';
import { type Feed, PENDING } from './feed.ts';

export class AwaitedFeed implements Feed {
  readonly #items: Feed;
  readonly #onReady: () => void;
  /** The item that is being awaited, or has settled. */
  #pending: { isSettled: boolean; item: unknown } | undefined = undefined;
  #isClosed = false;

  /** @param onReady called when an item is available after {@link PENDING}. */
  constructor(items: Feed, onReady: () => void) {
    this.#items = items;
    this.#onReady = onReady;
  }

  get isSpent(): boolean {
    return this.#pending === undefined && this.#items.isSpent;
  }

  get length(): number | undefined {
    return this.#items.length;
  }

  next(): unknown {
    const pending = this.#pending;
    if (pending === undefined) {
      const item = this.#items.next();
      // Reading a property of a primitive value safely costs more than the rest.
      const isPrimitive = typeof item !== 'object' && typeof item !== 'function';
      if (isPrimitive || typeof read(item, 'then') !== 'function') return item;
      void this.#await(item);
      return PENDING;
    }
    if (!pending.isSettled) return PENDING;
    this.#pending = undefined;
    return pending.item;
  }

  close(): void {
    this.#isClosed = true;
    this.#pending = undefined;
    this.#items.close();
  }

  async #await(item: unknown): Promise<void> {
    const pending = { isSettled: false, item };
    this.#pending = pending;
    try {
      pending.item = await item;
    } catch {
      // The task awaits the item again and gets the error.
    }
    pending.isSettled = true;
    if (!this.#isClosed) this.#onReady();
  }
}
