/** Rebuilds past states of a pool from the nearest stored one. */

import { type RebuiltPool, rebuildFrom } from '../../index.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Past } from './past.ts';
import { takeDown } from './take-down.ts';

export class States {
  readonly kept = new Checkpoints();
  readonly #past: Past;
  /** The state rebuilt last: the next request is often for a little later. */
  #last: RebuiltPool | undefined = undefined;

  constructor(past: Past) {
    this.#past = past;
  }

  /** The state after an event: read-only, and valid until the next call. */
  async at(seq: number, signal?: AbortSignal): Promise<RebuiltPool> {
    const pool = await this.#nearest(seq);
    // On an error the half-way state must not be reused.
    this.#last = undefined;
    // Stores states on the way, so that the next request for this time folds fewer events.
    for (let stop = this.#after(pool.seq); stop < seq; stop = this.#after(stop)) {
      if (this.#isKept(stop)) continue;
      await this.#past.rebuild(pool, stop, signal);
      this.kept.add({ seq: stop, state: await takeDown(pool.capture(), signal) });
    }
    await this.#past.rebuild(pool, seq, signal);
    this.#last = pool;
    return pool;
  }

  /** The next position in a range where a state should be stored but is not; undefined if there is none. */
  gap(firstSeq: number, lastSeq: number): number | undefined {
    for (let stop = this.#after(firstSeq); stop < lastSeq; stop = this.#after(stop)) {
      if (!this.#isKept(stop)) return stop;
    }
    return undefined;
  }

  async #nearest(seq: number): Promise<RebuiltPool> {
    const base = this.kept.upTo(seq);
    const last = this.#last;
    const isNearer = last !== undefined && last.seq <= seq && last.seq >= (base?.seq ?? -1);
    if (isNearer && last.seq + 1 >= this.#past.firstSeq) return last;
    return rebuildFrom(base?.state);
  }

  #after(seq: number): number {
    const { every } = this.kept;
    return (Math.floor(seq / every) + 1) * every;
  }

  #isKept(seq: number): boolean {
    return this.kept.isNear(seq, this.kept.every / 2);
  }
}
