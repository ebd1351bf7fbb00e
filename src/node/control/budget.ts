/** What all connections of a server hold together, and who has to go when it is too much. */

/** Bytes that connections hold, of which there may be so many in all. */
export class Budget {
  readonly #limit: number;
  readonly #shares = new Set<Share>();
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param shed closes the connection that holds most when the limit is passed. */
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

/** What one connection holds. */
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

  /** Nothing is held any more, whatever is said of it later. */
  close(): void {
    this.set(0);
    this.#isClosed = true;
  }

  /** Takes note of how much is held now. */
  set(held: number): void {
    if (this.#isClosed) return;
    const change = held - this.#held;
    this.#held = held;
    this.#account(change);
  }
}
