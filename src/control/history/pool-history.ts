/** The past of a pool, as far as it can be rebuilt: states, events, statistics, and the density of events. */

import {
  type CaptureOptions,
  type EventHistory,
  type PoolCapture,
  type PoolCheckpoint,
  type PoolEvent,
  type StoredEvents,
  StorePruned,
} from '../../index.ts';
import { Serial } from '../../kit/serial.ts';
import type { Statistics } from '../../statistics/statistics.ts';
import { type StatisticsSummary, summarize } from '../../statistics/summary.ts';
import { BadArguments } from '../errors.ts';
import { EVERY } from './checkpoints.ts';
import { Density, type DensityBucket, type DensityRange } from './density.ts';
import { type EventPage, type EventQuery, readPage } from './event-page.ts';
import { Past } from './past.ts';
import { PastStatistics } from './past-statistics.ts';
import { Slices } from './slices.ts';
import { States } from './states.ts';
import { takeDown } from './take-down.ts';
import { Urgent } from './urgent.ts';

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

/** The maximum share of time for capturing states, so that a pool at full speed is not slowed down. */
const SHARE = 0.01;
/** A state is captured when this share of the events in memory was recorded after the last one. */
const KEPT = 0.75;

export class PoolHistory {
  readonly #source: HistorySource;
  readonly #past: Past;
  readonly #states: States;
  readonly #statistics: PastStatistics;
  readonly #density: Density;
  /** Requests for a state: somebody waits for what it shows, and all else waits for them. */
  readonly #urgent = new Urgent();
  /** States are rebuilt one after the other: rebuilding several concurrently gains nothing. */
  readonly #rebuilding = new Serial();
  readonly #counting = new Serial();
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

  /** Stores statistics. */
  keepStatistics(statistics: Statistics): void {
    this.#statistics.keep(statistics);
  }

  /** The current state. */
  async now(options: CaptureOptions, signal: AbortSignal): Promise<HistoryState> {
    const begun = this.#source.capture?.(options);
    if (begun === undefined) return this.at(this.#past.lastSeq, options, signal);
    return { omitted: begun.omitted, state: await takeDown(begun, new Slices(signal)) };
  }

  /**
   * The state after an event.
   *
   * @throws BadArguments if the event does not exist, or its state cannot be rebuilt.
   */
  async at(seq: number, options: CaptureOptions, signal: AbortSignal): Promise<HistoryState> {
    const slices = new Slices(signal);
    const rebuild = () =>
      this.#ifHeld(seq, signal, async () => {
        const begun = (await this.#states.at(seq, slices)).capture(options);
        return { omitted: begun.omitted, state: await takeDown(begun, slices) };
      });
    const found = await this.#urgent.run(() => this.#rebuilding.run(rebuild));
    this.#index();
    return found;
  }

  /**
   * The statistics after an event.
   *
   * @throws BadArguments if the event does not exist, or its state cannot be rebuilt.
   */
  statistics(seq: number, signal: AbortSignal): Promise<StatisticsSummary> {
    const count = async () => summarize(await this.#statistics.at(seq, this.#slices(signal)));
    return this.#counting.run(() => this.#ifHeld(seq, signal, count));
  }

  /** Lists events. @throws StorePruned if the first of them do not exist any more. */
  async events(query: EventQuery, signal: AbortSignal): Promise<EventPage> {
    await this.span();
    return readPage(this.#past, query, this.#slices(signal));
  }

  /** Reads the events from a `seq` on, up to the last one. @throws StorePruned if they do not exist any more. */
  batches(fromSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    return this.#past.batches(fromSeq);
  }

  /** The density of events. */
  density(range: DensityRange, signal: AbortSignal): Promise<readonly DensityBucket[]> {
    // A client that requests the density is likely to jump next.
    this.#index();
    return this.#density.buckets(range, this.#slices(signal));
  }

  /**
   * Stores states and statistics over the whole history in the background, since readers jump around in it. The
   * states come first: without them a jump takes longest.
   */
  #index(): void {
    this.#indexing ??= this.#keepAll().finally(() => {
      this.#indexing = undefined;
    });
    // Requests report the error themselves.
    this.#indexing.catch(() => {});
  }

  async #keepAll(): Promise<void> {
    const { firstSeq, lastSeq } = await this.span();
    await this.#states.fill(firstSeq, lastSeq, this.#slices());
    for (let seq = firstSeq + EVERY; seq < lastSeq; seq += EVERY) {
      if (this.#statistics.reaches(seq)) continue;
      await this.#counting.run(() => this.#statistics.at(seq, this.#slices()));
    }
  }

  /** Slices of work for which nobody waits, or not as urgently as for a state. */
  #slices(signal?: AbortSignal): Slices {
    return new Slices(signal, () => this.#urgent.turn());
  }

  /** Runs a request that needs the events up to a `seq`. */
  async #ifHeld<T>(seq: number, signal: AbortSignal, make: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    await this.#checkHeld(seq);
    try {
      return await make();
    } catch (error) {
      if (error instanceof StorePruned) this.#past.reopen();
      throw error;
    }
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
    this.keep(await takeDown(begun, new Slices()));
    this.#notBefore = start + (performance.now() - start) / SHARE;
    const { firstSeq } = this.#past;
    if (firstSeq > 0) this.#states.kept.forgetBefore(firstSeq - 1);
  }
}
