/**
 * A feed whose user code runs in the async context of the call that brought the source. In another context it
 * returns {@link PENDING}, and a loop parked in the right context pulls the item.
 */

import { type Feed, PENDING } from './feed.ts';

export class ContextFeed implements Feed {
  readonly #items: Feed;
  readonly #onReady: () => void;
  /** Whether the code that runs now is in the context. */
  #isHere = false;
  /** Wakes the loop; undefined if it is awake. */
  #wake: (() => void) | undefined = undefined;
  #isClosed = false;

  /**
   * Must be created in the context.
   *
   * @param make creates the wrapped feed, which calls back in the context in which it was pulled.
   * @param onReady called in the context when there may be an item after {@link PENDING}.
   */
  constructor(make: (onReady: () => void) => Feed, onReady: () => void) {
    this.#items = make(() => this.#ready());
    this.#onReady = onReady;
    void this.#loop();
  }

  get isSpent(): boolean {
    return this.#items.isSpent;
  }

  /** @param isHere whether the caller runs in the context. */
  next(isHere = false): unknown {
    if (isHere || this.#isHere || this.#items.isSpent) return this.#items.next();
    this.#wake?.();
    return PENDING;
  }

  close(reason?: unknown): void {
    this.#isClosed = true;
    this.#items.close(reason);
  }

  async #loop(): Promise<void> {
    while (!this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
      if (!this.#isClosed) this.#ready();
    }
  }

  #ready(): void {
    this.#isHere = true;
    try {
      this.#onReady();
    } finally {
      this.#isHere = false;
    }
  }
}
