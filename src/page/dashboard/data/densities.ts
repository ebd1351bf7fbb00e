/** How dense events are over the whole history: by their numbers for the bar, by time for the map. */

import { signal } from '@preact/signals';
import type { AnswerOf, ControlLink } from '../../../control/client/index.ts';

export type Density = AnswerOf<'density'>;

/** How often they are asked for while something happens, in milliseconds. */
const EVERY = 2000;
/** The same while most of what they would show is new: at the beginning of a pool. */
const SOON = 400;
/** How much of the history may be missing in them until then. */
const GAP = 1 / 20;
const BUCKETS = 240;

export class Densities {
  readonly bySeq = signal<Density | undefined>(undefined);
  readonly byTime = signal<Density | undefined>(undefined);
  readonly #link: ControlLink;
  #isAsking = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedFor = -1;

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** Those that there are are of another pool. */
  forget(): void {
    this.bySeq.value = undefined;
    this.byTime.value = undefined;
    this.#askedFor = -1;
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Asks anew, unless that was a moment ago or is under way, or nothing has happened since.
   *
   * @param seq the last event now.
   */
  refresh(seq: number): void {
    const now = performance.now();
    if (this.#isAsking || seq === this.#askedFor || this.#link.status !== 'connected') return;
    const pause = seq - this.#askedFor > seq * GAP ? SOON : EVERY;
    if (now - this.#askedAt < pause) return;
    this.#isAsking = true;
    this.#askedFor = seq;
    this.#askedAt = now;
    void this.#ask().finally(() => {
      this.#isAsking = false;
    });
  }

  async #ask(): Promise<void> {
    try {
      const [bySeq, byTime] = await Promise.all([
        this.#link.request('density', { buckets: BUCKETS, by: 'seq' }),
        this.#link.request('density', { buckets: BUCKETS, by: 'time' }),
      ]);
      this.bySeq.value = bySeq;
      this.byTime.value = byTime;
    } catch {
      // The next time it may succeed; the connection says why it did not.
    }
  }
}
