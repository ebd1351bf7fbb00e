/** The past of a pool, as far as it can be rebuilt: any state, any event, how dense events were. */

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
import { Counts } from './counts.ts';
import { Density, type DensityBucket, type DensityRange } from './density.ts';
import { Past } from './past.ts';
import { States } from './states.ts';
import { takeDown } from './take-down.ts';

/** What a history is made of. */
export interface HistorySource {
  /** The events in memory. */
  readonly journal: EventHistory;
  /** Where earlier ones are, too. */
  readonly store?: StoredEvents | undefined;
  /** Begins to take down the present state; not there where events are all there is. */
  capture?(options?: CaptureOptions): PoolCapture;
}

/** Which events of a history there are to be seen. */
export interface HistorySpan {
  /** The first place that can be rebuilt. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
}

/** A state of the past, or of now. */
export interface HistoryState {
  readonly state: PoolCheckpoint;
  /** How many of the tasks that have ended are left out. */
  readonly omitted: number;
}

/** Which events to list. */
export interface EventQuery {
  /** Default: the first one that there is. */
  readonly from: number | undefined;
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

/** Taking states down may take this part of the time: a pool at full speed is not slowed down. */
const SHARE = 0.01;
/** A state is taken down anew when this part of the events in memory has come after the last one. */
const KEPT = 0.75;
/** How much a page of events holds at the most, in characters of JSON. */
const PAGE = 4_194_304;

export class PoolHistory {
  readonly #source: HistorySource;
  readonly #past: Past;
  readonly #states: States;
  readonly #counts: Counts;
  readonly #density: Density;
  /** One state is rebuilt at a time: several at once would take turns for nothing. */
  readonly #serial = new Serial();
  /** Not before this are states taken down again, in milliseconds of the monotonic clock. */
  #notBefore = 0;
  #taking: Promise<void> | undefined = undefined;
  #indexing: Promise<void> | undefined = undefined;

  constructor(source: HistorySource) {
    this.#source = source;
    this.#past = new Past(source.journal, source.store);
    this.#states = new States(this.#past);
    this.#counts = new Counts(this.#past, this.#states);
    this.#density = new Density(this.#past);
  }

  /** What can be rebuilt now. Of a pool that drops events, less than a moment ago. */
  async span(): Promise<HistorySpan> {
    const kept = await this.#past.open();
    if (kept !== undefined) this.keep(kept);
    const { firstSeq, lastSeq } = this.#past;
    if (firstSeq === 0) return { firstSeq, lastSeq };
    return { firstSeq: this.#states.kept.from(firstSeq - 1)?.seq ?? lastSeq, lastSeq };
  }

  /** When an event was recorded, in milliseconds since the epoch; undefined if it is not held. */
  timeOf(seq: number): Promise<number | undefined> {
    return this.#past.timeOf(seq);
  }

  /** Keeps a state to rebuild others from, if it is time for one. To be called now and then. */
  async keepUp(): Promise<void> {
    const { journal } = this.#past;
    const { last, every } = this.#states.kept;
    const from = last?.seq ?? (journal.firstSeq === 0 ? -1 : Number.NEGATIVE_INFINITY);
    const isDue = this.#past.lastSeq - from >= Math.min(every, Math.ceil(KEPT * journal.size));
    if (isDue && performance.now() >= this.#notBefore) await this.#take();
  }

  /** Keeps a state. */
  keep(state: PoolCheckpoint): void {
    this.#states.kept.add({ seq: state.seq, state });
  }

  /** The present state. */
  async now(options: CaptureOptions, signal: AbortSignal): Promise<HistoryState> {
    const begun = this.#source.capture?.(options);
    if (begun === undefined) return this.at(this.#past.lastSeq, options, signal);
    return { omitted: begun.omitted, state: await takeDown(begun, signal) };
  }

  /**
   * The state after an event.
   *
   * @throws BadArguments for an event there is not, or none that can be rebuilt.
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
   * @throws BadArguments for an event there is not, or none that can be rebuilt.
   */
  statistics(seq: number, signal: AbortSignal): Promise<StatisticsSummary> {
    return this.#inTurn(seq, signal, async () => summarize(await this.#counts.at(seq, signal)));
  }

  /** Lists events. @throws StorePruned where the first of them are not held any more. */
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

  /** The events from one on, up to the last there is. @throws StorePruned if they are not held any more. */
  batches(fromSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    return this.#past.batches(fromSeq);
  }

  /** How dense the events are. */
  async density(range: DensityRange, signal: AbortSignal): Promise<readonly DensityBucket[]> {
    const buckets = await this.#density.buckets(range, signal);
    this.#index();
    return buckets;
  }

  /** Readers jump around in the past: states are kept all over it meanwhile. */
  #index(): void {
    this.#indexing ??= this.#keepAll().finally(() => {
      this.#indexing = undefined;
    });
    // Each state that is asked for fails with what is wrong.
    this.#indexing.catch(() => {});
  }

  async #keepAll(): Promise<void> {
    const { signal } = new AbortController();
    for (;;) {
      const { firstSeq, lastSeq } = await this.span();
      const gap = this.#states.gap(firstSeq, lastSeq);
      if (gap === undefined) return;
      // A request for a state has to wait for one of these at the most.
      await this.#inTurn(gap, signal, async () => {
        await this.#states.at(gap + 1, signal);
        await this.#counts.at(gap, signal);
      });
    }
  }

  /** Does something with the events up to one, when others have done so. */
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
