/**
 * The metrics of a pool. Values that change with each task are recorded in batches, others when metrics are
 * collected.
 */

import type { Attributes, Counter, Histogram } from '@opentelemetry/api';
import {
  type BasePool,
  type EndsVisitor,
  type ErrorData,
  type Outcome,
  type PoolEventOf,
  tail,
  visitEnds,
} from '../index.ts';
import { runSoon } from '../kit/jobs.ts';
import { ERROR_TYPE, GROUP, OUTCOME, PLACE, POOL, STATE } from './attributes.ts';
import type { Instruments, Observe } from './instruments.ts';

/** The default bucket boundaries, in seconds. */
const BOUNDS = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
];

/** Records metrics of a pool until the returned function is called. */
export function measure<Observed>(
  pool: BasePool,
  meter: Instruments<Observed>,
  groups: boolean,
): () => void {
  const attempts = new AttemptMetrics(pool.name, meter, groups);
  const placed = countPlaces(pool.name, meter);
  const visitor: EndsVisitor = {
    ended: (group, outcome, waited, ran) => attempts.end(group, outcome, waited, ran),
    other(event) {
      if (event.type === 'task.ended') attempts.ended(event);
      else if (event.type === 'task.failed') attempts.failed(event);
      else if (event.type === 'task.placed') placed(event);
    },
  };
  // Events are handled in batches: when there are many, and on collection.
  const followed = tail(pool, {
    ready() {},
    take: (events) => visitEnds(events, visitor),
  });
  const endCounts = observeCounts(pool, meter, () => followed?.take());
  return () => {
    followed?.end();
    endCounts();
  };
}

/** Observes values that the pool keeps anyway, on collection. */
function observeCounts<Observed>(
  pool: BasePool,
  meter: Instruments<Observed>,
  catchUp: () => void,
): () => void {
  const tasks = meter.createObservableUpDownCounter('taskpool.task.count', {
    description: 'Tasks that have not ended.',
    unit: '{task}',
  });
  const pending = meter.createObservableUpDownCounter('taskpool.task.pending', {
    description: 'All that is known to wait, items of groups included.',
    unit: '{task}',
  });
  const ended = meter.createObservableCounter('taskpool.task.ended', {
    description: 'Tasks that have ended.',
    unit: '{task}',
  });
  const slots = meter.createObservableUpDownCounter('taskpool.slot.max', {
    description: 'How many tasks may run at once; not there without a limit.',
    unit: '{slot}',
  });
  const ofPool = { [POOL]: pool.name };
  const report = (result: Observe<Observed>, counts: Counts): void => {
    for (const [state, count] of Object.entries(counts.states)) {
      result.observe(tasks, count, { ...ofPool, [STATE]: state });
    }
    const { fulfilled, rejected, cancelled } = counts.totals;
    for (const [outcome, count] of Object.entries({ fulfilled, rejected, cancelled })) {
      result.observe(ended, count, { ...ofPool, [OUTCOME]: outcome });
    }
    result.observe(pending, counts.numPending, ofPool);
    if (Number.isFinite(counts.poolSize)) result.observe(slots, counts.poolSize, ofPool);
  };
  const observed = [tasks, pending, ended, slots];
  const observe = (result: Observe<Observed>): void => {
    catchUp();
    report(result, countsOf(pool));
  };
  meter.addBatchObservableCallback(observe, observed);
  return () => {
    meter.removeBatchObservableCallback(observe, observed);
    const last = lastOf(pool);
    // An SDK keeps exporting the last observation, so one more is made to be current.
    const observeLast = (result: Observe<Observed>): void => {
      report(result, last);
      // Deferred, since the SDK is iterating over its callbacks.
      void runSoon(() => meter.removeBatchObservableCallback(observeLast, observed));
    };
    meter.addBatchObservableCallback(observeLast, observed);
  };
}

/** The observed values of a pool. */
interface Counts extends Pick<BasePool, 'totals' | 'numPending' | 'poolSize'> {
  readonly states: Readonly<Record<'queued' | 'running' | 'delayed' | 'cancelled', number>>;
}

function countsOf(pool: BasePool): Counts {
  const { numQueued, numRunning, numDelayed, numCancelled, totals, numPending, poolSize } = pool;
  const states = {
    queued: numQueued,
    running: numRunning,
    delayed: numDelayed,
    cancelled: numCancelled,
  };
  return { states, totals, numPending, poolSize };
}

/** The final values of a closed pool, without a reference to it. */
function lastOf({ totals, poolSize }: BasePool): Counts {
  const states = { queued: 0, running: 0, delayed: 0, cancelled: 0 };
  return { states, totals, numPending: 0, poolSize: Number.isFinite(poolSize) ? 0 : poolSize };
}

/** The maximum number of places with their own value: workers come and go. */
const MOST_PLACES = 100;
/** The place name for all others. */
const OTHERS = '(others)';

/** Counts attempts by place. */
function countPlaces(
  poolName: string,
  meter: Instruments<unknown>,
): (event: PoolEventOf<'task.placed'>) => void {
  const placed = meter.createCounter('taskpool.task.placed', {
    description: 'Attempts that have begun elsewhere, in a thread or a worker.',
    unit: '{attempt}',
  });
  const known = new Set<string>();
  return ({ by }) => {
    if (known.size < MOST_PLACES) known.add(by);
    placed.add(1, { [POOL]: poolName, [PLACE]: known.has(by) ? by : OTHERS });
  };
}

/** The outcome of an attempt: that of its task, or a failure that is retried. */
type AttemptOutcome = PoolEventOf<'task.ended'>['outcome'] | 'failed';

/** The maximum number of cached attribute objects. */
const MOST_MADE = 1000;

class AttemptMetrics {
  readonly #poolName: string;
  readonly #groups: boolean;
  readonly #wait: Pick<Histogram, 'record'>;
  readonly #duration: Pick<Histogram, 'record'>;
  readonly #retries: Pick<Counter, 'add'>;
  /** For fulfilled attempts, the usual case. */
  readonly #fulfilled: Attributes;
  readonly #ofPool: Attributes;
  /** Attributes by outcome and group. */
  readonly #made = new Map<string, Attributes>();

  constructor(poolName: string, meter: Instruments<unknown>, groups: boolean) {
    this.#poolName = poolName;
    this.#groups = groups;
    this.#ofPool = { [POOL]: poolName };
    this.#fulfilled = { [POOL]: poolName, [OUTCOME]: 'fulfilled' };
    const advice = { explicitBucketBoundaries: BOUNDS };
    this.#wait = meter.createHistogram('taskpool.task.wait_time', {
      description: 'From when a task was queued, or queued again, to the start of the attempt.',
      unit: 's',
      advice,
    });
    this.#duration = meter.createHistogram('taskpool.task.duration', {
      description: 'How long attempts took.',
      unit: 's',
      advice,
    });
    this.#retries = meter.createCounter('taskpool.task.retries', {
      description: 'Failed attempts that another one follows.',
      unit: '{retry}',
    });
  }

  ended({ group, outcome, waited = 0, ran = 0, error }: PoolEventOf<'task.ended'>): void {
    this.end(group, outcome, waited, ran, error);
  }

  /** A task has ended. Times in milliseconds. */
  end(
    group: string | undefined,
    outcome: Outcome,
    waited: number,
    ran: number,
    error?: ErrorData,
  ): void {
    this.#wait.record(waited / 1_000, this.#attributes(group));
    // A task that has not started has run for 0 ms, and was not fulfilled.
    if (ran === 0 && outcome !== 'fulfilled') return;
    this.#duration.record(ran / 1_000, this.#attributes(group, outcome, error));
  }

  failed({ group, waited, ran, error }: PoolEventOf<'task.failed'>): void {
    this.#retries.add(1, { ...this.#attributes(group), [ERROR_TYPE]: error.name });
    if (waited !== undefined) this.#wait.record(waited / 1_000, this.#attributes(group));
    if (ran === undefined) return;
    this.#duration.record(ran / 1_000, this.#attributes(group, 'failed', error));
  }

  /** Caches attributes that recur. */
  #attributes(group: string | undefined, outcome?: AttemptOutcome, error?: ErrorData): Attributes {
    if (!this.#groups) {
      if (outcome === undefined) return this.#ofPool;
      if (outcome === 'fulfilled') return this.#fulfilled;
    }
    const recurs = this.#groups && group !== undefined && error === undefined;
    return recurs ? this.#madeFor(group, outcome) : this.#make(group, outcome, error);
  }

  #madeFor(group: string, outcome: AttemptOutcome | undefined): Attributes {
    const key = `${outcome} ${group}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    if (this.#made.size >= MOST_MADE) this.#made.clear();
    const made = this.#make(group, outcome);
    this.#made.set(key, made);
    return made;
  }

  #make(group: string | undefined, outcome?: AttemptOutcome, error?: ErrorData): Attributes {
    return {
      [POOL]: this.#poolName,
      ...(this.#groups && group !== undefined ? { [GROUP]: group } : {}),
      ...(outcome === undefined ? {} : { [OUTCOME]: outcome }),
      ...(error === undefined ? {} : { [ERROR_TYPE]: error.name }),
    };
  }
}
