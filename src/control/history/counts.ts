/** The statistics of a pool after any of its events. */

import {
  Statistics,
  type StatisticsData,
  statistics as statisticsProjection,
} from '../../statistics/statistics.ts';
import { EVERY } from './checkpoints.ts';
import type { Past } from './past.ts';
import type { States } from './states.ts';

/** How many statistics are kept at the most. */
const MOST = 32;

const counting = statisticsProjection();

export class Counts {
  readonly #past: Past;
  readonly #states: States;
  /** Those that were counted last: the next ones are often a little later. */
  #last: Statistics | undefined = undefined;
  /** Those that are kept to count on from, in the order of `seq`. */
  #kept: StatisticsData[] = [];
  /** How many events are between two that are kept; it grows with the history. */
  #every = EVERY;

  constructor(past: Past, states: States) {
    this.#past = past;
    this.#states = states;
  }

  /** Those after an event: not to be changed, and good until the next call. */
  async at(seq: number, signal?: AbortSignal): Promise<Statistics> {
    const counts = this.#nearest(seq);
    this.#last = undefined;
    while (counts.seq < seq) {
      const next = Math.min(seq, (Math.floor(counts.seq / this.#every) + 1) * this.#every);
      await this.#past.apply(counting, counts, next, signal);
      if (next % this.#every === 0) this.#keep(counts);
    }
    this.#last = counts;
    return counts;
  }

  #nearest(seq: number): Statistics {
    const base = this.#kept.findLast((data) => data.seq <= seq);
    const last = this.#last;
    const isNearer = last !== undefined && last.seq <= seq && last.seq >= (base?.seq ?? -1);
    if (isNearer && last.seq + 1 >= this.#past.firstSeq) return last;
    if (base !== undefined) return Statistics.fromJSON(base);
    const { firstSeq } = this.#past;
    return counting.initial(
      firstSeq === 0 ? undefined : this.#states.kept.from(firstSeq - 1)?.state,
    );
  }

  #keep(counts: Statistics): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && last.seq >= counts.seq) return;
    if (this.#kept.length >= MOST) {
      // Every second one goes, and the others stay evenly spread.
      this.#every *= 2;
      this.#kept = this.#kept.filter((data) => data.seq % this.#every === 0);
    }
    if (counts.seq % this.#every === 0) this.#kept.push(counts.toJSON());
  }
}
