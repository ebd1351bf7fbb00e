/** Tracks the growth of the write-ahead log since the last checkpoint of SQLite. */

import { open } from 'node:fs/promises';

/** The size in bytes that triggers a checkpoint: a megabyte takes one or two milliseconds. */
const MOST = 1 << 20;
/** The additional bytes per transaction: partly filled pages. */
const PER_TRANSACTION = 3 * 4096;

export class LogGrowth {
  readonly #path: string;
  #bytes = 0;

  /**
   * @param path of the log.
   */
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
   * Forces the log to disk without blocking, so that SQLite, which does the same before it writes to the database,
   * need not wait. SQLite holds no locks on this file that closing it could release.
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
