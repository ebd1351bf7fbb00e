/** The storage of the store in memory: the ring of a history, and the last checkpoint. */

import { type CompactEvent, encode } from '../events/event-fields.ts';
import type { PoolEvent } from '../events/events.ts';
import { WakeUp } from '../kit/wake-up.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';
import type { EventHistory } from './event-history.ts';
import type { EventRing } from './event-ring.ts';
import type { KeptCheckpoint, Medium } from './medium.ts';
import { upcast } from './upcast.ts';

/** How many events a batch has when reading. */
const BATCH = 1024;

/** A batch in columns. */
interface Prepared {
  readonly first: number;
  readonly pool: string;
  readonly events: readonly (CompactEvent & { readonly at: number })[];
}

export class RingMedium implements Medium<Prepared> {
  readonly #history: EventHistory;
  #kept: KeptCheckpoint | undefined = undefined;
  /** The last pruned event, which the ring may still hold. */
  #prunedTo = -1;

  constructor(history: EventHistory) {
    this.#history = history;
  }

  get firstSeq(): number {
    return Math.max(this.#history.ring.firstSeq, this.#prunedTo + 1);
  }

  get nextSeq(): number | undefined {
    const { nextSeq } = this.#history.ring;
    return nextSeq === 0 ? undefined : nextSeq;
  }

  get pool(): string | undefined {
    return this.nextSeq === undefined ? undefined : this.#history.pool;
  }

  get checkpointSeq(): number {
    return this.#kept?.seq ?? -1;
  }

  refresh(): void {}

  prepare(batch: readonly PoolEvent[]): Prepared {
    const [{ seq: first, pool }] = batch as readonly [PoolEvent];
    return { first, pool, events: batch.map(compact) };
  }

  async append(batch: Prepared): Promise<void> {
    this.appendSync(batch);
  }

  appendSync({ first, pool, events }: Prepared): void {
    const { ring } = this.#history;
    if (ring.nextSeq === 0) ring.startAt(first);
    this.#history.bind(pool);
    for (const { code, at, id, n, detail } of events) ring.append(code, at, id, n, detail);
  }

  /** @throws StorePruned if the ring has dropped some of them in the meantime. */
  *read(fromSeq: number, toSeq: number): Generator<readonly PoolEvent[]> {
    for (let seq = fromSeq; seq <= toSeq; seq += BATCH) {
      yield this.#history.events({ fromSeq: seq, toSeq: Math.min(toSeq, seq + BATCH - 1) });
    }
  }

  putCheckpoint(seq: number, state: PoolCheckpoint): void {
    this.#kept = { seq, state };
  }

  async latestCheckpoint(): Promise<KeptCheckpoint | undefined> {
    return this.#kept;
  }

  prune(firstSeq: number): void {
    this.#prunedTo = Math.max(this.#prunedTo, firstSeq - 1);
  }

  close(): void {
    this.#history.ring.clear();
  }
}

/** Notified by the ring, since pools record into it directly; only while a reader waits. */
export class RingWakeUp extends WakeUp {
  readonly #ring: EventRing;

  constructor(ring: EventRing) {
    super();
    this.#ring = ring;
  }

  override wake(): void {
    this.#ring.onAppend = undefined;
    super.wake();
  }

  override wait(signal?: AbortSignal): Promise<void> {
    this.#ring.onAppend = () => this.wake();
    return super.wait(signal);
  }
}

function compact(event: PoolEvent): Prepared['events'][number] {
  return { ...encode(upcast(event)), at: event.at };
}
