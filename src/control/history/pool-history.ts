/** The past of a pool, as far as it can be rebuilt: any state, any event, how dense events were. */

import {
  type EventHistory,
  type EventType,
  JoinedCheckpoint,
  type PoolCapture,
  type PoolCheckpoint,
  type PoolEvent,
  type Projection,
  type RebuiltPool,
  rebuilding,
} from '../../index.ts';
import { jsonSize } from '../../kit/json-size.ts';
import { Serial } from '../../kit/serial.ts';
import {
  Statistics,
  type StatisticsData,
  statistics as statisticsProjection,
} from '../../statistics/statistics.ts';
import { type StatisticsSummary, summarize } from '../../statistics/summary.ts';
import { BadArguments } from '../errors.ts';
import { Checkpoints } from './checkpoints.ts';
import { Density, type DensityBucket, type DensityRange } from './density.ts';
import { inSlices } from './slices.ts';

/** What a history is made of. */
export interface HistorySource {
  readonly journal: EventHistory;
  /** Begins to take down the present state; not there where events are all there is. */
  capture?(): PoolCapture;
  /** The present state, where it is at hand. */
  present?(): PoolCheckpoint;
}

/** Which events of a history there are to be seen. */
export interface HistorySpan {
  /** The first place that can be rebuilt. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
}

/** Which events to list. */
export interface EventQuery {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Of these types, or of all. */
  readonly types: readonly EventType[];
}

/** Some events of a history. */
export interface EventPage {
  readonly events: readonly PoolEvent[];
  /** The first event that is held. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
  /** The event to begin the next page with; `null` if this was the last one. */
  readonly next: number | null;
}

/** A state is kept every so many events. */
export const EVERY = 50_000;
/** Taking states down may take this part of the time: a pool at full speed is not slowed down. */
const SHARE = 0.01;
/** So many events are applied in one go. */
const STRIDE = 64;
/** So many statistics are kept at the most. */
const MOST_COUNTED = 32;
/** How much a page of events holds at the most, in characters of JSON. */
const PAGE = 4_194_304;

const counting = statisticsProjection();

export class PoolHistory {
  readonly #source: HistorySource;
  readonly #checkpoints = new Checkpoints();
  readonly #density: Density;
  /** Rebuilding one state at a time: several at once would take turns for nothing. */
  readonly #serial = new Serial();
  /** The state that was rebuilt last: the next one is often a little later. */
  #rebuilt: RebuiltPool | undefined = undefined;
  /** The same of statistics. */
  #recounted: Statistics | undefined = undefined;
  /** Statistics that are kept to rebuild others from, in the order of `seq`. */
  readonly #counted: StatisticsData[] = [];
  /** Not before this are states taken down again, in milliseconds of the monotonic clock. */
  #notBefore = 0;
  #taking: Promise<void> | undefined = undefined;

  constructor(source: HistorySource) {
    this.#source = source;
    this.#density = new Density(source.journal);
  }

  /** What can be rebuilt now. Of a pool that drops events, less than a moment ago. */
  get span(): HistorySpan {
    const { journal } = this.#source;
    const lastSeq = journal.nextSeq - 1;
    if (journal.firstSeq === 0) return { firstSeq: 0, lastSeq };
    return { firstSeq: this.#checkpoints.from(journal.firstSeq - 1)?.seq ?? lastSeq, lastSeq };
  }

  /** When an event was recorded, in milliseconds since the epoch; undefined if it is not held. */
  timeOf(seq: number): number | undefined {
    const { journal } = this.#source;
    if (seq < journal.firstSeq) return undefined;
    return journal.events({ fromSeq: seq, toSeq: seq })[0]?.at;
  }

  /** Keeps a state to rebuild others from, if it is time for one. To be called now and then. */
  async keepUp(): Promise<void> {
    const { journal } = this.#source;
    const last = this.#checkpoints.last?.seq ?? (journal.firstSeq === 0 ? -1 : -EVERY - 1);
    const isDue = journal.nextSeq - 1 - last >= Math.min(EVERY, Math.ceil(journal.size / 2));
    if (isDue && performance.now() >= this.#notBefore) await this.#take();
  }

  /** Keeps a state that is later than all that are kept. */
  keep(state: PoolCheckpoint): void {
    this.#checkpoints.add({ seq: state.seq, state });
  }

  /** The present state. */
  async now(signal: AbortSignal): Promise<PoolCheckpoint> {
    const present = this.#source.present?.();
    if (present !== undefined) return present;
    const begun = this.#source.capture?.();
    if (begun === undefined) return this.at(this.span.lastSeq, (pool) => pool.checkpoint(), signal);
    return takeDown(begun, signal);
  }

  /**
   * Makes something of the state after an event.
   *
   * @throws BadArguments for an event there is not, or none that can be rebuilt.
   */
  at<T>(seq: number, make: (pool: RebuiltPool) => T, signal: AbortSignal): Promise<T> {
    return this.#serial.run(async () => {
      signal.throwIfAborted();
      return make(await this.#rebuild(seq, signal));
    });
  }

  /**
   * The statistics after an event.
   *
   * @throws BadArguments for an event there is not, or none that can be rebuilt.
   */
  statistics(seq: number, signal: AbortSignal): Promise<StatisticsSummary> {
    return this.#serial.run(async () => {
      signal.throwIfAborted();
      return summarize(await this.#recount(seq, signal));
    });
  }

  /** Lists events that the journal in memory holds. */
  async events({ from, to, limit, types }: EventQuery, signal: AbortSignal): Promise<EventPage> {
    const { journal } = this.#source;
    const events: PoolEvent[] = [];
    let next = from;
    let size = 0;
    const end = Math.min(to, journal.nextSeq - 1);
    const isFull = () => events.length >= limit || size > PAGE;
    await inSlices(
      () => {
        const toSeq = Math.min(end, next + STRIDE - 1);
        for (const event of journal.events({ fromSeq: next, toSeq })) {
          if (isFull()) return false;
          next = event.seq + 1;
          if (types.length > 0 && !types.includes(event.type)) continue;
          events.push(event);
          size += jsonSize(event);
        }
        return next <= end && !isFull();
      },
      signal,
      4,
    );
    const lastSeq = journal.nextSeq - 1;
    return { events, firstSeq: journal.firstSeq, lastSeq, next: next <= end ? next : null };
  }

  /** How dense the events are that the journal in memory holds. */
  density(range: DensityRange, signal: AbortSignal): Promise<readonly DensityBucket[]> {
    return this.#density.buckets(range, signal);
  }

  async #rebuild(seq: number, signal: AbortSignal): Promise<RebuiltPool> {
    await this.#checkHeld(seq);
    const base = this.#checkpoints.upTo(seq);
    const former = this.#rebuilt;
    const pool = this.#isNearer(former, seq, base?.seq ?? -1)
      ? former
      : rebuilding.initial(base?.state);
    // Whatever goes wrong in between, half of a way is no state to begin with.
    this.#rebuilt = undefined;
    await this.#advance(rebuilding, pool, seq, signal);
    this.#rebuilt = pool;
    return pool;
  }

  async #recount(seq: number, signal: AbortSignal): Promise<Statistics> {
    await this.#checkHeld(seq);
    const base = this.#counted.findLast((data) => data.seq <= seq);
    const former = this.#recounted;
    let counts: Statistics;
    if (this.#isNearer(former, seq, base?.seq ?? -1)) counts = former;
    else if (base !== undefined) counts = Statistics.fromJSON(base);
    else counts = counting.initial(this.#checkpoints.from(0)?.state);
    this.#recounted = undefined;
    while (counts.seq < seq) {
      const next = Math.min(seq, (Math.floor(counts.seq / EVERY) + 1) * EVERY);
      await this.#advance(counting, counts, next, signal);
      if (next % EVERY === 0) this.#keepCounts(counts);
    }
    this.#recounted = counts;
    return counts;
  }

  #keepCounts(counts: Statistics): void {
    const last = this.#counted.at(-1);
    if (last !== undefined && last.seq >= counts.seq) return;
    if (this.#counted.length >= MOST_COUNTED) this.#counted.shift();
    this.#counted.push(counts.toJSON());
  }

  async #checkHeld(seq: number): Promise<void> {
    const { journal } = this.#source;
    const { firstSeq, lastSeq } = this.span;
    if (seq < firstSeq || seq > lastSeq) {
      throw new BadArguments(
        `expected an event from ${firstSeq}, the oldest that can be rebuilt, to ${lastSeq}, got ${seq}`,
      );
    }
    if (journal.firstSeq > 0 && this.#checkpoints.upTo(seq) === undefined) await this.#take();
  }

  /** Whether what was rebuilt last is a better place to begin than what is kept. */
  #isNearer<S extends { readonly seq: number }>(
    former: S | undefined,
    seq: number,
    base: number,
  ): former is S {
    if (former === undefined || former.seq > seq || former.seq < base) return false;
    return former.seq + 1 >= this.#source.journal.firstSeq;
  }

  async #advance<S extends { readonly seq: number }>(
    projection: Projection<S>,
    state: S,
    seq: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { journal } = this.#source;
    await inSlices(
      () => {
        const toSeq = Math.min(seq, state.seq + STRIDE);
        for (const event of journal.events({ fromSeq: state.seq + 1, toSeq })) {
          projection.apply(state, event);
        }
        return state.seq < seq;
      },
      signal,
      4,
    );
  }

  #take(): Promise<void> {
    this.#taking ??= this.#takeOne().finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  async #takeOne(): Promise<void> {
    const { journal } = this.#source;
    const begun = this.#source.capture?.();
    if (begun === undefined) return;
    const start = performance.now();
    const state = await takeDown(begun);
    this.#notBefore = start + (performance.now() - start) / SHARE;
    this.keep(state);
    if (journal.firstSeq > 0) this.#checkpoints.forgetBefore(journal.firstSeq - 1);
  }
}

/** All of a state, between turns of the event loop. */
async function takeDown(begun: PoolCapture, signal?: AbortSignal): Promise<PoolCheckpoint> {
  try {
    const joined = new JoinedCheckpoint();
    const parts = begun.parts()[Symbol.iterator]();
    await inSlices(
      () => {
        const { done, value } = parts.next();
        if (done !== true) joined.add(value);
        return done !== true;
      },
      signal,
      1,
    );
    return joined.end();
  } finally {
    begun.end();
  }
}
