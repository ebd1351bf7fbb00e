/** Random lives of a pool: each does things with it and dies, and the next one continues. */

import fc from 'fast-check';
import { SimulatedClock } from 'xstate';
import { type MemoryStore, type Retain, type TaskContext, TaskPool } from 'xstate-taskpool';
import {
  type OnInterrupted,
  type RecoveryOptions,
  recoverTaskPool,
} from 'xstate-taskpool/recovery';
import { actors, Log, turn } from '../pools.ts';
import { Gates } from './gates.ts';

/** The behaviour of a task, which is also its item. */
interface Item {
  readonly n: number;
  readonly does: 'end' | 'throw' | 'throw first' | 'wait' | 'wait and throw' | 'ignore';
}

/** Time limits, in milliseconds of the clock of a life, and retries. */
interface Attempts {
  readonly timeout?: number;
  readonly deadline?: number;
  readonly retry?: number | { readonly limit: number; readonly delay: number };
}

/** An operation on a pool. */
export type Deed =
  | {
      readonly kind: 'map' | 'pull';
      readonly does: readonly Item['does'][];
      readonly limit: number;
      readonly attempts: Attempts;
    }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'apply'; readonly does: Item['does']; readonly num: number }
  | { readonly kind: 'open'; readonly pick: number }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'cancel group'; readonly pick: number }
  | { readonly kind: 'pause' | 'go on'; readonly pick: number }
  | { readonly kind: 'resize'; readonly size: number }
  | { readonly kind: 'checkpoint'; readonly prune: boolean }
  | { readonly kind: 'lock' | 'unlock' | 'flush' | 'turn' | 'close' };

/** One life: its operations, how many of the last events are lost, and how the next one continues. */
export interface LifeScript {
  readonly deeds: readonly Deed[];
  readonly lost: number;
  readonly onInterrupted: OnInterrupted;
}

const does = fc.constantFrom<Item['does']>(
  'end',
  'wait',
  'wait',
  'wait',
  'wait and throw',
  'throw',
  'throw first',
  'ignore',
);
const pick = fc.nat(9);
const limit = fc.constantFrom(1, 1, 2, 3, Number.POSITIVE_INFINITY);

const attempts: fc.Arbitrary<Attempts> = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      timeout: fc.integer({ min: 1, max: 9 }),
      deadline: fc.integer({ min: 5, max: 30 }),
      retry: fc.record({ limit: fc.nat(3), delay: fc.integer({ min: 1, max: 5 }) }),
    },
    { requiredKeys: [] },
  ),
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('map' as const, 'pull' as const),
      does: fc.array(does, { maxLength: 6 }),
      limit,
      attempts,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('apply' as const), does, num: fc.nat(4) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('open' as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'cancel group' as const),
      pick,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'go on' as const), pick }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('resize' as const), size: fc.nat(4) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('checkpoint' as const), prune: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'turn' as const,
        'turn' as const,
        'turn' as const,
        'turn' as const,
        'flush' as const,
        'lock' as const,
        'unlock' as const,
        'unlock' as const,
        'close' as const,
      ),
    }),
  },
);

export const lifeScript: fc.Arbitrary<LifeScript> = fc.record({
  deeds: fc.array(deed, { maxLength: 14 }),
  lost: fc.oneof(fc.constant(0), fc.nat(12)),
  onInterrupted: fc.constantFrom<OnInterrupted>('retry', 'retry', 'fail'),
});

/** A call of a function. */
export interface Call {
  readonly id: number;
  readonly attempt: number;
  readonly index: number;
  readonly item: Item;
}

/** The sources of groups, which every life can open again. */
export type Sources = Map<string, readonly Item[]>;

/** A pool, the functions that it calls in this life, and their arguments. */
export class Life {
  readonly gates = new Gates();
  /** Starts where the clock of the previous life has stopped, or later. */
  readonly clock = new SimulatedClock();
  readonly calls: Call[] = [];
  readonly sources: Sources;
  pool!: TaskPool;
  /** The most functions that have run at once. */
  mostRunning = 0;
  #running = 0;

  constructor(sources: Sources, now = 0) {
    this.sources = sources;
    this.clock.set(now);
  }

  readonly functions = {
    work: async (item: Item, context: TaskContext): Promise<number> => {
      const { id, attempt, index } = context;
      this.calls.push({ id, attempt, index, item });
      this.#running++;
      this.mostRunning = Math.max(this.mostRunning, this.#running);
      try {
        return await this.#perform(item, context);
      } finally {
        this.#running--;
      }
    },
  };

  begin(store: MemoryStore, poolSize: number, retain: Retain): void {
    const { functions, clock } = this;
    const options = { name: 'lives', poolSize, retain, functions, journal: store, clock };
    this.pool = new TaskPool({ actors, logger: new Log(), ...options });
  }

  async goOn(store: MemoryStore, onInterrupted: OnInterrupted): Promise<void> {
    const sources: NonNullable<RecoveryOptions['sources']> = Object.fromEntries(this.sources);
    const { functions, clock } = this;
    const options = { functions, onInterrupted, sources, clock };
    this.pool = await recoverTaskPool(store, { actors, logger: new Log(), ...options });
  }

  async do(deed: Deed): Promise<void> {
    try {
      await this.#do(deed);
    } catch (error) {
      // Refused calls have no effect.
      if (!REFUSALS.includes((error as Error).name)) throw error;
    }
  }

  async #do(deed: Deed): Promise<void> {
    const { pool } = this;
    switch (deed.kind) {
      case 'map':
      case 'pull': {
        const items = deed.does.map((each, n) => ({ n, does: each }));
        const given = deed.kind === 'map' ? items : items.values();
        const options = { numConcurrent: deed.limit, ...deed.attempts };
        const group = pool.map(this.functions.work, given, options);
        if (deed.kind === 'pull') this.sources.set(group.name, items);
        // The name may be that of an incomplete call, which was dropped.
        else this.sources.delete(group.name);
        return;
      }
      case 'apply':
        pool.apply(this.functions.work, [{ n: -1, does: deed.does }], { num: deed.num });
        return;
      case 'open':
        this.gates.open(deed.pick);
        return turn();
      case 'pass':
        this.clock.increment(deed.ms);
        return turn();
      case 'cancel': {
        const live = pool.snapshot().tasks.filter(({ state }) => state !== 'ended');
        const task = live[deed.pick % live.length];
        if (task !== undefined) pool.cancel([task.id], { pick: deed.pick });
        return;
      }
      case 'cancel group':
      case 'pause':
      case 'go on': {
        const { groups } = pool.snapshot();
        const group = groups[deed.pick % groups.length];
        if (group === undefined) return;
        if (deed.kind === 'cancel group') pool.cancelGroup(group.name, 'over');
        else if (deed.kind === 'pause') pool.group(group.name).pause();
        else pool.group(group.name).resume();
        return;
      }
      case 'resize':
        pool.poolSize = deed.size;
        return;
      case 'checkpoint':
        return pool.checkpoint({ prune: deed.prune });
      case 'flush':
        await pool.flush({ returnExceptions: true });
        return;
      case 'close':
        void pool.gatherAndClose({ returnExceptions: true });
        return;
      case 'turn':
        return turn();
      default:
        pool[deed.kind]();
    }
  }

  async #perform({ does: what, n }: Item, { signal, attempt }: TaskContext): Promise<number> {
    if (what === 'end' || (what === 'throw first' && attempt > 1)) return n;
    if (what.startsWith('throw')) throw new Error(`item ${n}`);
    const { opened } = this.gates.pause(`item ${n}`);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    aborted.catch(() => {});
    await (what === 'ignore' ? opened : Promise.race([opened, aborted]));
    if (what === 'wait and throw') throw new TypeError(`item ${n}`);
    return n;
  }
}

const REFUSALS = ['PoolIsClosed', 'PoolIsLocked', 'AlreadyCancelled'];
