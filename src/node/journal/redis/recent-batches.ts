/**
 * The batches stored last. A Redis that crashes loses the last moments of what it has acknowledged, unless it forces
 * each write to disk, and so does a replica that replaces it: these batches are then stored again.
 */

import { Fifo } from '../../../kit/fifo.ts';
import type { Batch } from '../file-medium.ts';

/** Redis loses a second or two. */
const KEPT_MS = 10_000;
const KEPT_BYTES = 16 * 2 ** 20;

interface Kept {
  readonly batch: Batch;
  readonly size: number;
  readonly at: number;
}

export class RecentBatches {
  readonly #kept = new Fifo<Kept>();
  #size = 0;

  add(batch: Batch): void {
    const at = performance.now();
    const size = batch.context.length + batch.rows.buffer.byteLength;
    this.#kept.push({ batch, size, at });
    this.#size += size;
    for (let oldest = this.#kept.first; oldest !== undefined; oldest = this.#kept.first) {
      if (at - oldest.at <= KEPT_MS && this.#size <= KEPT_BYTES) return;
      this.#size -= oldest.size;
      this.#kept.shift();
    }
  }

  /** The batches from the one that begins with an event on; empty if that is not kept any more. */
  from(seq: number): readonly Batch[] {
    const batches = Array.from(this.#kept, ({ batch }) => batch);
    const place = batches.findIndex(({ first }) => first === seq);
    return place === -1 ? [] : batches.slice(place);
  }
}
