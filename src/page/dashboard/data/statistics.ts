/** The statistics of the server, asked for once a second at the most, and one at a time. */

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

  /** Whether they began in the middle: what had ended before was not counted. */
  get isPartial(): boolean {
    return (this.latest.value?.firstSeq ?? 0) > 0;
  }

  /** Those that there are are of another pool. */
  forget(): void {
    this.latest.value = undefined;
    this.#askedFor = undefined;
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * The row of a group, or of a function: of this state, or of one a moment before it.
   *
   * @returns undefined where there is none, or what is there is of a later place in time.
   */
  row(by: 'groups' | 'functions', name: string, { seq }: PoolState): StatisticsRow | undefined {
    const { latest } = this;
    if (latest.value === undefined || latest.value.seq > seq) return undefined;
    const rows: readonly StatisticsRow[] = latest.value[by];
    // Of groups that had the same name one after the other, the last one is meant.
    return rows.findLast((row) => row.name === name);
  }

  /** What had failed by this state, or a moment before it. */
  failures({ seq }: PoolState): StatisticsAnswer['failures'] {
    const { latest } = this;
    return latest.value === undefined || latest.value.seq > seq ? [] : latest.value.failures;
  }

  /** The groups that were counted in a pool that knows them no more. */
  groups({ seq, totals }: PoolState): readonly StatisticsGroup[] {
    const { latest } = this;
    // Those of another place in time would be of another state.
    const isOfIt = latest.value?.seq === seq && totals.created > 0;
    return isOfIt ? (latest.value?.groups ?? []) : [];
  }

  /**
   * Asks anew, unless that was a moment ago or is under way, or what there is is of this event.
   *
   * @param isLive whether the event is the last one: then a moment ago is good enough.
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
          // The next time it may succeed.
          this.#askedFor = undefined;
        },
      )
      .finally(() => {
        this.#isAsking = false;
      });
  }
}
