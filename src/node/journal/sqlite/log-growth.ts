/** How much the log has grown since SQLite has last put what it holds into the database. */

import { open } from 'node:fs/promises';

/** A megabyte: to write it into the database takes a millisecond or two. */
const MOST = 1 << 20;
/** What a transaction writes besides what it stores: pages that are not full. */
const PER_TRANSACTION = 3 * 4096;

export class LogGrowth {
  readonly #path: string;
  #bytes = 0;

  /** @param path that of the log. */
  constructor(path: string) {
    this.#path = path;
  }

  get isEnough(): boolean {
    return this.#bytes >= MOST;
  }

  add(bytes: number): void {
    this.#bytes += bytes + PER_TRANSACTION;
  }

  /**
   * Brings the log to the disk without blocking, so that SQLite, which does the same before it touches the
   * database, need not wait for it. SQLite has no locks on this file, which closing it would release.
   */
  async reset(): Promise<void> {
    this.#bytes = 0;
    const log = await open(this.#path, 'r+');
    try {
      await log.datasync();
    } finally {
      await log.close();
    }
  }
}
