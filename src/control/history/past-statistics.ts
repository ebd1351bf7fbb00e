/** Computes the statistics of a pool after any of its events. */

import {
  Statistics,
  type StatisticsData,
  statistics as statisticsProjection,
} from '../../statistics/statistics.ts';
import { EVERY } from './checkpoints.ts';
import type { Past } from './past.ts';
import type { States } from './states.ts';

/** The maximum number of stored statistics. */
const MOST = 32;

const counting = statisticsProjection();

export class PastStatistics {
  readonly #past: Past;
  readonly #states: States;
  /** The statistics computed last: the next request is often for a little later. */
  #last: Statistics | undefined = undefined;
  /** Stored statistics to continue from, in the order of `seq`. */
  #kept: StatisticsData[] = [];
  /** The number of events between two stored ones; it grows with the history. */
  #every = EVERY;

  constructor(past: Past, states: States) {
    this.#past = past;
    this.#states = states;
  }

  /** The statistics after an event: read-only, and valid until the next call. */
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
      // Drops every second one, so that the others stay evenly spread.
      this.#every *= 2;
      this.#kept = this.#kept.filter((data) => data.seq % this.#every === 0);
    }
    if (counts.seq % this.#every === 0) this.#kept.push(counts.toJSON());
  }
}
