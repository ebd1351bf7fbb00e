/** A read-only pool made of a journal, past events and new ones. */

import { ReadOnly } from '../../control/errors.ts';
import { EVERY } from '../../control/history/checkpoints.ts';
import { setHistory } from '../../control/history/of-pool.ts';
import { PoolHistory } from '../../control/history/pool-history.ts';
import { Slices } from '../../control/history/slices.ts';
import { takeDown } from '../../control/history/take-down.ts';
import {
  type BasePool,
  type CaptureOptions,
  type EventHandler,
  type EventHistory,
  type EventStore,
  type Explanation,
  explainState,
  type LimitNumbers,
  type Logger,
  MemoryStore,
  type PoolEvent,
  type PoolKind,
  type PoolSnapshot,
  type PoolStatus,
  type RebuiltPool,
  rebuilding,
  type SnapshotOptions,
  StoreGap,
  type StuckOptions,
  type StuckTask,
} from '../../index.ts';
import { LIVE_STATES } from '../../statistics/row.ts';
import {
  type Statistics,
  statistics as statisticsProjection,
} from '../../statistics/statistics.ts';
import { type StatisticsSummary, summarize } from '../../statistics/summary.ts';

/** The store to read. */
export type RecordedJournal = Pick<EventStore, 'read' | 'tail' | 'latestCheckpoint' | 'close'>;

type Handler = (event: PoolEvent) => void;

/** The state read from a journal so far; it grows while the journal is followed. */
interface Read {
  readonly memory: EventHistory;
  readonly rebuilt: RebuiltPool;
  readonly counts: Statistics;
}

const counting = statisticsProjection();

export class RecordedPool implements AsyncDisposable {
  readonly journal: EventHistory;
  readonly kind: PoolKind;
  readonly name: string;
  readonly uid: string;
  readonly #store: RecordedJournal;
  readonly #rebuilt: RebuiltPool;
  readonly #counts: Statistics;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #stop = new AbortController();
  #following: Promise<void> = Promise.resolve();

  /**
   * Reads a journal up to its end, and then follows it.
   *
   * @param progress called from time to time with the number of events read.
   * @throws StoreGap for a journal without events; the errors of reading it.
   */
  static async open(
    store: RecordedJournal,
    logger: Logger,
    progress: (events: number) => void = () => {},
  ): Promise<RecordedPool> {
    const memory = new MemoryStore({ size: Number.POSITIVE_INFINITY });
    const capture = (options?: CaptureOptions) => rebuilt.capture(options);
    const history = new PoolHistory({ journal: memory, capture });
    let rebuilt: RebuiltPool = rebuilding.initial();
    let counts = counting.initial();
    const take = async (batch: readonly PoolEvent[]) => {
      const [first] = batch;
      if (first !== undefined && rebuilt.seq === -1 && first.seq > 0) {
        const checkpoint = await store.latestCheckpoint();
        if (checkpoint === undefined) throw new StoreGap('expected a checkpoint, got none');
        rebuilt = rebuilding.initial(checkpoint.state);
        counts = counting.initial(checkpoint.state);
        history.keep(checkpoint.state);
      }
      await memory.append(batch);
      const before = rebuilt.seq;
      rebuilt.advance(memory, memory.nextSeq - 1);
      for (const event of batch) if (event.seq > counts.seq) counting.apply(counts, event);
      if (Math.floor(rebuilt.seq / EVERY) > Math.floor(before / EVERY)) {
        history.keep(await takeDown(rebuilt.capture(), new Slices()));
        history.keepStatistics(counts);
      }
    };
    for await (const batch of store.read()) {
      await take(batch);
      progress(memory.nextSeq);
    }
    if (rebuilt.seq === -1) throw new StoreGap('expected a journal with events, got none');
    const pool = new RecordedPool(store, history, { memory, rebuilt, counts });
    pool.#following = pool.#follow(take).catch((error) => {
      if (!pool.#stop.signal.aborted) logger.error('the journal cannot be followed', error);
    });
    return pool;
  }

  private constructor(
    store: RecordedJournal,
    history: PoolHistory,
    { memory, rebuilt, counts }: Read,
  ) {
    this.#store = store;
    this.journal = memory;
    this.#rebuilt = rebuilt;
    this.#counts = counts;
    const { kind, name } = rebuilt.snapshot({ tasks: false });
    this.kind = kind;
    this.name = name;
    this.uid = rebuilt.checkpoint({ ended: 0 }).uid ?? '';
    setHistory(this.asPool, history);
  }

  /** For read-only servers, which refuse every command that would change it. */
  get asPool(): BasePool {
    return this as unknown as BasePool;
  }

  get poolSize(): number {
    return this.#head.poolSize ?? Number.POSITIVE_INFINITY;
  }

  get isFull(): boolean {
    return this.numRunning >= this.poolSize;
  }

  get status(): PoolStatus {
    return this.#head.status;
  }

  get isLocked(): boolean {
    return this.status !== 'open';
  }

  get isClosed(): boolean {
    return this.status === 'closed';
  }

  get isPaused(): boolean {
    return this.#head.paused;
  }

  get numRunning(): number {
    return this.#head.numRunning;
  }

  get numQueued(): number {
    return this.#head.numQueued;
  }

  get numDelayed(): number {
    return this.#head.numDelayed;
  }

  get numCancelled(): number {
    return this.#head.numCancelled;
  }

  get numEnded(): number {
    return this.#head.numEnded;
  }

  get numPending(): number {
    const { groups, numQueued, numDelayed } = this.#head;
    const unmade = groups.reduce((sum, { source, planned, created }) => {
      if (source !== 'open') return sum;
      return sum + (planned === undefined ? 1 : Math.max(0, planned - created));
    }, 0);
    return numQueued + numDelayed + unmade;
  }

  snapshot(options: SnapshotOptions = {}): PoolSnapshot {
    return this.#rebuilt.snapshot(options);
  }

  async statistics(): Promise<StatisticsSummary> {
    return summarize(this.#counts, this.#now);
  }

  /** The current limits, read-only. */
  get limits(): Readonly<Record<string, LimitNumbers & { readonly name: string }>> {
    const { limits = {} } = this.#rebuilt.checkpoint({ ended: 0 });
    return Object.fromEntries(
      Object.entries(limits).map(([name, numbers]) => [name, { name, ...numbers }]),
    );
  }

  getGroupIds(...names: string[]): Set<number> {
    const ids = names.flatMap((group) =>
      this.snapshot({ tasks: { group } }).tasks.map(({ id }) => id),
    );
    return new Set(ids);
  }

  /** The tasks that have not settled after their signals were aborted, as of now, or of when the pool was closed. */
  stuck({ longerThan = 0 }: StuckOptions = {}): StuckTask[] {
    const now = this.#now;
    return this.#counts.live.unwinding
      .toArray()
      .map(({ id, index, attempt, group, state, abortedAt }) => ({
        id,
        groupName: group,
        index,
        attempt,
        state: LIVE_STATES[state] as StuckTask['state'],
        abortedFor: now - abortedAt,
      }))
      .filter(({ abortedFor }) => abortedFor >= longerThan);
  }

  explain(what: number | string): Explanation {
    return explainState(this.#rebuilt.checkpoint(), what, this.#now);
  }

  on(type: string, handler: EventHandler): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  group(): never {
    throw notRunning();
  }

  async untilClosed(): Promise<never> {
    throw notRunning();
  }

  async untilIdle(): Promise<never> {
    throw notRunning();
  }

  async untilSizeBelow(): Promise<never> {
    throw notRunning();
  }

  /** Stops following the journal, and closes it. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  toString(): string {
    return `${this.kind}-${this.name}`;
  }

  /** The time of the recording: now, while it is still written. */
  get #now(): number {
    return this.isClosed ? this.#counts.at : Math.max(this.#counts.at, Date.now());
  }

  get #head(): PoolSnapshot {
    return this.snapshot({ tasks: false });
  }

  async #follow(take: (batch: readonly PoolEvent[]) => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    for await (const batch of this.#store.tail({ fromSeq: this.journal.nextSeq, signal })) {
      const { nextSeq } = this.journal;
      await take(batch);
      for (const event of this.journal.events({ fromSeq: nextSeq })) this.#publish(event);
    }
  }

  #publish(event: PoolEvent): void {
    for (const type of [event.type, '*']) {
      for (const handler of this.#handlers.get(type) ?? []) handler(event);
    }
  }
}

function notRunning(): ReadOnly {
  return new ReadOnly('expected a pool that runs, this is the record of one');
}
