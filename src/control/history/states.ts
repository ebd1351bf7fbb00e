/** Any state of the past of a pool, rebuilt from the nearest one that is kept. */

import { type RebuiltPool, rebuildFrom } from '../../index.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Past } from './past.ts';
import { takeDown } from './take-down.ts';

export class States {
  readonly kept = new Checkpoints();
  readonly #past: Past;
  /** The state that was rebuilt last: the next one is often a little later. */
  #last: RebuiltPool | undefined = undefined;

  constructor(past: Past) {
    this.#past = past;
  }

  /** The state after an event that can be rebuilt: not to be changed, and good until the next call. */
  async at(seq: number, signal?: AbortSignal): Promise<RebuiltPool> {
    const pool = await this.#nearest(seq);
    // Whatever goes wrong in between, half of a way is no state to begin with.
    this.#last = undefined;
    // States on the way are kept: the next question about this time folds fewer events.
    for (let stop = this.#after(pool.seq); stop < seq; stop = this.#after(stop)) {
      if (this.#isKept(stop)) continue;
      await this.#past.rebuild(pool, stop, signal);
      this.kept.add({ seq: stop, state: await takeDown(pool.capture(), signal) });
    }
    await this.#past.rebuild(pool, seq, signal);
    this.#last = pool;
    return pool;
  }

  /** The next place between two where a state should be kept and is not; undefined if there is none. */
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
