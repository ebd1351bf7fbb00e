/** Limits the memory of all connections of a server together. */

/** A total of bytes held by connections, with a limit. */
export class Budget {
  readonly #limit: number;
  readonly #shares = new Set<Share>();
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @param shed closes the connection; called for the one that holds most when the limit is exceeded.
   */
  open(shed: () => void): Share {
    const share = new Share(shed, (change) => this.#account(change));
    this.#shares.add(share);
    return share;
  }

  close(share: Share): void {
    share.close();
    this.#shares.delete(share);
  }

  #account(change: number): void {
    this.#used += change;
    while (change > 0 && this.#used > this.#limit) {
      const largest = this.#largest();
      if (largest === undefined) return;
      this.close(largest);
      largest.shed();
    }
  }

  #largest(): Share | undefined {
    let largest: Share | undefined;
    for (const share of this.#shares) {
      if (share.held > (largest?.held ?? 0)) largest = share;
    }
    return largest;
  }
}

/** The bytes held by one connection. */
export class Share {
  readonly shed: () => void;
  readonly #account: (change: number) => void;
  #held = 0;
  #isClosed = false;

  constructor(shed: () => void, account: (change: number) => void) {
    this.shed = shed;
    this.#account = account;
  }

  get held(): number {
    return this.#held;
  }

  /** Resets the share; later changes are ignored. */
  close(): void {
    this.set(0);
    this.#isClosed = true;
  }

  /** Sets the number of bytes held. */
  set(held: number): void {
    if (this.#isClosed) return;
    const change = held - this.#held;
    this.#held = held;
    this.#account(change);
  }
}
