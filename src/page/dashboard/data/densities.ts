/** The density of events over the whole history: by number for the time bar, by time for the minimap. */

import { signal } from '@preact/signals';
import type { AnswerOf, ControlLink } from '../../../control/client/index.ts';

export type Density = AnswerOf<'density'>;

/** Milliseconds between two requests while events occur. */
const EVERY = 2000;
/** The same while most of the history is new, at the beginning of a pool. */
const SOON = 400;
/** The share of the history that may be missing before the shorter interval applies. */
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

  /** Drops the densities of another pool. */
  forget(): void {
    this.bySeq.value = undefined;
    this.byTime.value = undefined;
    this.#askedFor = -1;
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Requests new densities, unless that was done recently or is pending, or nothing has happened since.
   *
   * @param seq the current last event.
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
      // The next request may succeed; the connection reports the error.
    }
  }
}
