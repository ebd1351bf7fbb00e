/** The past of a pool, as far as it can be rebuilt: states, events, statistics, and the density of events. */

import {
  type CaptureOptions,
  type EventHistory,
  type EventType,
  type PoolCapture,
  type PoolCheckpoint,
  type PoolEvent,
  type StoredEvents,
  StorePruned,
} from '../../index.ts';
import { jsonSize } from '../../kit/json-size.ts';
import { Serial } from '../../kit/serial.ts';
import { type StatisticsSummary, summarize } from '../../statistics/summary.ts';
import { BadArguments } from '../errors.ts';
import { Density, type DensityBucket, type DensityRange } from './density.ts';
import { Past } from './past.ts';
import { PastStatistics } from './past-statistics.ts';
import { States } from './states.ts';
import { takeDown } from './take-down.ts';

/** The sources of a history. */
export interface HistorySource {
  /** The events in memory. */
  readonly journal: EventHistory;
  /** The store with earlier events. */
  readonly store?: StoredEvents | undefined;
  /** Starts to capture the current state; missing if there are only events. */
  capture?(options?: CaptureOptions): PoolCapture;
}

/** The range of a history. */
export interface HistorySpan {
  /** The first event whose state can be rebuilt. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
}

/** A past or current state. */
export interface HistoryState {
  readonly state: PoolCheckpoint;
  /** The number of ended tasks that are left out. */
  readonly omitted: number;
}

/** A query for events. */
export interface EventQuery {
  /** Default: the first event. */
  readonly from: number | undefined;
  readonly to: number;
  readonly limit: number;
  /** The types of events; empty for all. */
  readonly types: readonly EventType[];
}

/** A page of events. */
export interface EventPage {
  readonly events: readonly PoolEvent[];
  /** The first event that still exists. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
  /** The event with which the next page begins; `null` if this was the last page. */
  readonly next: number | null;
}

/** The maximum share of time for capturing states, so that a pool at full speed is not slowed down. */
const SHARE = 0.01;
/** A state is captured when this share of the events in memory was recorded after the last one. */
const KEPT = 0.75;
/** The maximum size of a page, in characters of JSON. */
const PAGE = 4_194_304;

export class PoolHistory {
  readonly #source: HistorySource;
  readonly #past: Past;
  readonly #states: States;
  readonly #statistics: PastStatistics;
  readonly #density: Density;
  /** States are rebuilt one after the other: rebuilding several concurrently gains nothing. */
  readonly #serial = new Serial();
  /** The earliest time of the next capture, in milliseconds of the monotonic clock. */
  #notBefore = 0;
  #taking: Promise<void> | undefined = undefined;
  #indexing: Promise<void> | undefined = undefined;

  constructor(source: HistorySource) {
    this.#source = source;
    this.#past = new Past(source.journal, source.store);
    this.#states = new States(this.#past);
    this.#statistics = new PastStatistics(this.#past, this.#states);
    this.#density = new Density(this.#past);
  }

  /** The range that can be rebuilt. If the pool drops events, it may have shrunk already. */
  async span(): Promise<HistorySpan> {
    const kept = await this.#past.open();
    if (kept !== undefined) this.keep(kept);
    const { firstSeq, lastSeq } = this.#past;
    if (firstSeq === 0) return { firstSeq, lastSeq };
    return { firstSeq: this.#states.kept.from(firstSeq - 1)?.seq ?? lastSeq, lastSeq };
  }

  /** When an event was recorded, in milliseconds since the epoch; undefined if it does not exist any more. */
  timeOf(seq: number): Promise<number | undefined> {
    return this.#past.timeOf(seq);
  }

  /** Captures a state to rebuild others from, if one is due. To be called regularly. */
  async keepUp(): Promise<void> {
    const { journal } = this.#past;
    const { last, every } = this.#states.kept;
    const from = last?.seq ?? (journal.firstSeq === 0 ? -1 : Number.NEGATIVE_INFINITY);
    const isDue = this.#past.lastSeq - from >= Math.min(every, Math.ceil(KEPT * journal.size));
    if (isDue && performance.now() >= this.#notBefore) await this.#take();
  }

  /** Stores a state. */
  keep(state: PoolCheckpoint): void {
    this.#states.kept.add({ seq: state.seq, state });
  }

  /** The current state. */
  async now(options: CaptureOptions, signal: AbortSignal): Promise<HistoryState> {
    const begun = this.#source.capture?.(options);
    if (begun === undefined) return this.at(this.#past.lastSeq, options, signal);
    return { omitted: begun.omitted, state: await takeDown(begun, signal) };
  }

  /**
   * The state after an event.
   *
   * @throws BadArguments if the event does not exist, or its state cannot be rebuilt.
   */
  async at(seq: number, options: CaptureOptions, signal: AbortSignal): Promise<HistoryState> {
    const found = await this.#inTurn(seq, signal, async () => {
      const begun = (await this.#states.at(seq, signal)).capture(options);
      return { omitted: begun.omitted, state: await takeDown(begun, signal) };
    });
    this.#index();
    return found;
  }

  /**
   * The statistics after an event.
   *
   * @throws BadArguments if the event does not exist, or its state cannot be rebuilt.
   */
  statistics(seq: number, signal: AbortSignal): Promise<StatisticsSummary> {
    return this.#inTurn(seq, signal, async () => summarize(await this.#statistics.at(seq, signal)));
  }

  /** Lists events. @throws StorePruned if the first of them do not exist any more. */
  async events({ from, to, limit, types }: EventQuery, signal: AbortSignal): Promise<EventPage> {
    await this.span();
    const past = this.#past;
    const events: PoolEvent[] = [];
    const end = Math.min(to, past.lastSeq);
    let next = from ?? past.firstSeq;
    let size = 0;
    const take = (event: PoolEvent): boolean => {
      next = event.seq + 1;
      if (types.length === 0 || types.includes(event.type)) {
        events.push(event);
        size += jsonSize(event);
      }
      return events.length < limit && size <= PAGE;
    };
    await past.visit(next, end, take, signal);
    const { firstSeq, lastSeq } = past;
    return { events, firstSeq, lastSeq, next: next <= end ? next : null };
  }

  /** Reads the events from a `seq` on, up to the last one. @throws StorePruned if they do not exist any more. */
  batches(fromSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    return this.#past.batches(fromSeq);
  }

  /** The density of events. */
  async density(range: DensityRange, signal: AbortSignal): Promise<readonly DensityBucket[]> {
    const buckets = await this.#density.buckets(range, signal);
    this.#index();
    return buckets;
  }

  /** Stores states over the whole history in the background, since readers jump around in it. */
  #index(): void {
    this.#indexing ??= this.#keepAll().finally(() => {
      this.#indexing = undefined;
    });
    // Requests for a state report the error themselves.
    this.#indexing.catch(() => {});
  }

  async #keepAll(): Promise<void> {
    const { signal } = new AbortController();
    for (;;) {
      const { firstSeq, lastSeq } = await this.span();
      const gap = this.#states.gap(firstSeq, lastSeq);
      if (gap === undefined) return;
      // A request for a state waits for one of these at most.
      await this.#inTurn(gap, signal, async () => {
        await this.#states.at(gap + 1, signal);
        await this.#statistics.at(gap, signal);
      });
    }
  }

  /** Runs a step that needs the events up to a `seq`, after earlier steps. */
  #inTurn<T>(seq: number, signal: AbortSignal, make: () => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      signal.throwIfAborted();
      await this.#checkHeld(seq);
      try {
        return await make();
      } catch (error) {
        if (error instanceof StorePruned) this.#past.reopen();
        throw error;
      }
    });
  }

  async #checkHeld(seq: number): Promise<void> {
    const { firstSeq, lastSeq } = await this.span();
    if (seq < firstSeq || seq > lastSeq) {
      throw new BadArguments(
        `expected an event from ${firstSeq}, the oldest that can be rebuilt, to ${lastSeq}, got ${seq}`,
      );
    }
    if (this.#past.firstSeq > 0 && this.#states.kept.upTo(seq) === undefined) await this.#take();
  }

  #take(): Promise<void> {
    this.#taking ??= this.#takeOne().finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  async #takeOne(): Promise<void> {
    const begun = this.#source.capture?.();
    if (begun === undefined) return;
    const start = performance.now();
    this.keep(await takeDown(begun));
    this.#notBefore = start + (performance.now() - start) / SHARE;
    const { firstSeq } = this.#past;
    if (firstSeq > 0) this.#states.kept.forgetBefore(firstSeq - 1);
  }
}
