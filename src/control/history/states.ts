/** Rebuilds past states of a pool from the nearest stored one. */

import { type RebuiltPool, rebuildFrom } from '../../index.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Past } from './past.ts';
import type { Slices } from './slices.ts';
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
  async at(seq: number, slices: Slices): Promise<RebuiltPool> {
    const pool = await this.#nearest(seq);
    // On an error the half-way state must not be reused.
    this.#last = undefined;
    // Reading events from a store takes longer than storing states on the way; memory is folded faster.
    const stored = Math.min(seq, this.#past.journal.firstSeq);
    for (let stop = this.#after(pool.seq); stop < stored; stop = this.#after(stop)) {
      if (!this.#isKept(stop)) await this.#keepAt(pool, stop, slices);
    }
    await this.#past.rebuild(pool, seq, slices);
    this.#last = pool;
    return pool;
  }

  /** Stores states over the whole range, so that each request for one folds few events. */
  async fill(firstSeq: number, lastSeq: number, slices: Slices): Promise<void> {
    let pool: RebuiltPool | undefined;
    for (let stop = this.#after(firstSeq); stop < lastSeq; stop = this.#after(stop)) {
      if (this.#isKept(stop)) continue;
      const base = this.kept.upTo(stop);
      if (pool === undefined || (base?.seq ?? -1) > pool.seq) pool = await rebuildFrom(base?.state);
      await this.#keepAt(pool, stop, slices);
    }
  }

  async #keepAt(pool: RebuiltPool, seq: number, slices: Slices): Promise<void> {
    await this.#past.rebuild(pool, seq, slices);
    this.kept.add({ seq, state: await takeDown(pool.capture(), slices) });
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
