/** Computes the statistics of a pool after any of its events. */

import {
  Statistics,
  type StatisticsData,
  statistics as statisticsProjection,
} from '../../statistics/statistics.ts';
import { EVERY } from './checkpoints.ts';
import type { Past } from './past.ts';
import type { Slices } from './slices.ts';
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
  /** The minimum number of events between two stored ones; it grows with the history. */
  #every = EVERY;

  constructor(past: Past, states: States) {
    this.#past = past;
    this.#states = states;
  }

  /** The statistics after an event: read-only, and valid until the next call. */
  async at(seq: number, slices: Slices): Promise<Statistics> {
    const counts = this.#nearest(seq);
    this.#last = undefined;
    while (counts.seq < seq) {
      await this.#past.apply(counting, counts, Math.min(seq, counts.seq + this.#every), slices);
      this.keep(counts);
    }
    this.#last = counts;
    return counts;
  }

  /** Whether those after an event can be computed from stored ones that are not far away. */
  reaches(seq: number): boolean {
    return (this.#kept.at(-1)?.seq ?? -1) > seq - this.#every;
  }

  /** Stores statistics to continue from, unless there are some of about the same event, or of a later one. */
  keep(counts: Statistics): void {
    const last = this.#kept.at(-1)?.seq ?? -1;
    if (counts.seq - last < this.#every) return;
    this.#kept.push(counts.toJSON());
    if (this.#kept.length < MOST) return;
    // Drops every second one, so that the others stay evenly spread.
    this.#every *= 2;
    this.#kept = this.#kept.filter((_, place) => place % 2 === 1);
  }

  #nearest(seq: number): Statistics {
    const { firstSeq } = this.#past;
    // From an earlier one the events in between are needed, which may no longer exist.
    const canContinue = (data: { readonly seq: number }) =>
      data.seq <= seq && data.seq + 1 >= firstSeq;
    const base = this.#kept.findLast(canContinue);
    const last = this.#last;
    if (last !== undefined && canContinue(last) && last.seq >= (base?.seq ?? -1)) return last;
    if (base !== undefined) return Statistics.fromJSON(base);
    return counting.initial(
      firstSeq === 0 ? undefined : this.#states.kept.from(firstSeq - 1)?.state,
    );
  }
}
