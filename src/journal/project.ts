/** Projections over running pools and over journals. */

import { StoreGap } from '../errors.ts';
import type { PoolEvent } from '../events/events.ts';
import { checkFlag } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import type { Projection } from '../machines/projection.ts';
import { checkProjected, checkProjection, checkUntil } from './check-options.ts';
import type { EventHistory } from './event-history.ts';
import type { EventStore } from './event-store.ts';
import { upcast } from './upcast.ts';

/** What a projection needs of a pool. */
interface RunningPool {
  readonly journal: EventHistory;
  on(type: '*', handler: (event: PoolEvent) => void): () => void;
}

/** What a projection needs of a store. */
type ReadableStore = Pick<EventStore, 'read' | 'latestCheckpoint'>;

/** A projection that follows a pool. */
export interface LiveProjection<S> extends Disposable {
  /** The state after the last event that subscribers received. */
  readonly state: S;
  /** The `seq` of that event; -1 before the first one. */
  readonly seq: number;
  /** Stops following the pool; the state stays as it is. */
  stop(): void;
}

/** Options of {@link project} over a store. */
export interface ProjectOptions {
  /** The `seq` of the last event to apply. Default: the last one that the store holds. */
  readonly until?: number;
  /**
   * Start from the latest checkpoint up to `until` instead of the first event: faster, for projections whose
   * `initial` uses the checkpoint. Default: only if the first events were pruned.
   */
  readonly fromCheckpoint?: boolean;
}

const projectOptions = new OptionBag<ProjectOptions>({
  until: [checkUntil, 'to', 'toSeq', 'end', 'last'],
  fromCheckpoint: [checkFlag, 'from', 'checkpoint'],
});

/**
 * Keeps a projection of a pool up to date, starting with the events in its journal in memory.
 *
 * @throws StorePruned if that journal no longer holds the first event.
 */
export function project<S>(pool: RunningPool, projection: Projection<S>): LiveProjection<S>;
/**
 * The state of a projection after the events of a store.
 *
 * @throws StoreGap if there is neither a first event nor a checkpoint to start from; what reading
 * the store throws, and what the projection throws.
 */
export function project<S>(
  store: ReadableStore,
  projection: Projection<S>,
  options?: ProjectOptions,
): Promise<S>;
export function project<S>(
  source: RunningPool | ReadableStore,
  projection: Projection<S>,
  options: ProjectOptions = {},
): LiveProjection<S> | Promise<S> {
  checkProjected('source', source);
  checkProjection('projection', projection);
  projectOptions.check('project()', options);
  return 'journal' in source
    ? new Following(source, projection)
    : projectStore(source, projection, options);
}

class Following<S> implements LiveProjection<S> {
  readonly #projection: Projection<S>;
  readonly #unsubscribe: () => void;
  #state: S;
  #seq = -1;

  constructor(pool: RunningPool, projection: Projection<S>) {
    this.#projection = projection;
    this.#state = projection.initial();
    for (const event of pool.journal.events({ fromSeq: 0 })) this.#apply(event);
    this.#unsubscribe = pool.on('*', (event) => this.#apply(event));
  }

  get state(): S {
    return this.#state;
  }

  get seq(): number {
    return this.#seq;
  }

  stop(): void {
    this.#unsubscribe();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #apply(event: PoolEvent): void {
    // An event that was recorded but not yet published at the start comes twice.
    if (event.seq <= this.#seq) return;
    this.#state = this.#projection.apply(this.#state, event);
    this.#seq = event.seq;
  }
}

async function projectStore<S>(
  store: ReadableStore,
  projection: Projection<S>,
  { until = Number.POSITIVE_INFINITY, fromCheckpoint = false }: ProjectOptions,
): Promise<S> {
  const checkpoint = await store.latestCheckpoint();
  const fits = checkpoint !== undefined && checkpoint.seq <= until;
  if (fits && (fromCheckpoint || (await firstSeqOf(store)) !== 0)) {
    const state = projection.initial(checkpoint.state);
    return applyAll(store, projection, state, checkpoint.seq + 1, until);
  }
  return applyAll(store, projection, projection.initial(), 0, until);
}

async function firstSeqOf(store: ReadableStore): Promise<number | undefined> {
  for await (const [first] of store.read()) if (first !== undefined) return first.seq;
  return undefined;
}

async function applyAll<S>(
  store: ReadableStore,
  projection: Projection<S>,
  initial: S,
  fromSeq: number,
  until: number,
): Promise<S> {
  let state = initial;
  let next = fromSeq;
  for await (const batch of store.read({ fromSeq })) {
    for (const event of batch) {
      if (event.seq > until) return state;
      if (event.seq !== next) throw new StoreGap(`expected seq ${next}, got ${event.seq}`);
      state = projection.apply(state, upcast(event));
      next++;
    }
  }
  return state;
}
