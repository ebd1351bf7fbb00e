/** The statistics of the server, requested at most once per second, one request at a time. */

import { signal } from '@preact/signals';
import type { AnswerOf, ControlLink } from '../../../control/client/index.ts';
import type { PoolState } from '../../../machines/pool-state.ts';

export type StatisticsAnswer = AnswerOf<'statistics'>;
export type StatisticsRow = StatisticsAnswer['functions'][number];

export type StatisticsGroup = StatisticsAnswer['groups'][number];

const EVERY = 1000;

export class Statistics {
  readonly latest = signal<StatisticsAnswer | undefined>(undefined);
  readonly #link: ControlLink;
  #isAsking = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedFor: number | undefined = undefined;

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** Whether they do not include the beginning: tasks that had ended before were not counted. */
  get isPartial(): boolean {
    return (this.latest.value?.firstSeq ?? 0) > 0;
  }

  /** Drops the statistics of another pool. */
  forget(): void {
    this.latest.value = undefined;
    this.#askedFor = undefined;
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * The row of a group or function, for this state or a slightly earlier one.
   *
   * @returns undefined if there is none, or the statistics are of a later moment.
   */
  row(by: 'groups' | 'functions', name: string, { seq }: PoolState): StatisticsRow | undefined {
    const { latest } = this;
    if (latest.value === undefined || latest.value.seq > seq) return undefined;
    const rows: readonly StatisticsRow[] = latest.value[by];
    // Of groups with the same name, the last one.
    return rows.findLast((row) => row.name === name);
  }

  /** The failures counted up to this state, or shortly before it; empty if none are known. */
  failures({ seq }: PoolState): StatisticsAnswer['failures'] {
    const { latest } = this;
    return latest.value === undefined || latest.value.seq > seq ? [] : latest.value.failures;
  }

  /** The groups that were counted in a pool that does not know them any more. */
  groups({ seq, totals }: PoolState): readonly StatisticsGroup[] {
    const { latest } = this;
    // Statistics of another moment belong to another state.
    const isOfIt = latest.value?.seq === seq && totals.created > 0;
    return isOfIt ? (latest.value?.groups ?? []) : [];
  }

  /**
   * Requests new statistics, unless that was done recently or is pending, or the current ones are of this event.
   *
   * @param isLive whether the event is the last one: slightly older statistics are then good enough.
   */
  refresh(seq: number, isLive: boolean): void {
    const now = performance.now();
    const isRecent = isLive && now - this.#askedAt < EVERY;
    if (this.#isAsking || isRecent || this.#link.status !== 'connected') return;
    if (seq === this.#askedFor) return;
    this.#isAsking = true;
    this.#askedAt = now;
    this.#askedFor = seq;
    void this.#link
      .request('statistics', isLive ? {} : { at: seq })
      .then(
        (answer) => {
          this.latest.value = answer;
        },
        () => {
          // The next request may succeed.
          this.#askedFor = undefined;
        },
      )
      .finally(() => {
        this.#isAsking = false;
      });
  }
}
