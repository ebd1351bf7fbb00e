/** Subscriptions to a pool, and its current state as a whole. */

import type { PoolEventAbout, PoolEventOf } from '../events/events.ts';
import { counted, oneLine, PRINTED } from '../kit/printed.ts';
import {
  type PoolSnapshot,
  type SnapshotOptions,
  takeSnapshot,
} from '../machines/pool-snapshot.ts';
import type { StatisticsSummary } from '../statistics/summary.ts';
import { type StuckTask, stuckTasks } from './attempt/stuck.ts';
import { snapshotOptions, subscribeOptions } from './options/option-tables.ts';
import type { EventHandler, StuckOptions, SubscribeOptions } from './options/pool-options.ts';
import { PoolView } from './pool-view.ts';

/** The part of {@link BasePool} for observing a pool: snapshots, statistics, events. */
export abstract class ObservedPool extends PoolView {
  /**
   * The tasks whose functions have not settled although their signal was aborted, by a cancellation or a time limit.
   * They hold their slots until their functions settle. In order of creation.
   *
   * @throws RangeError, TypeError unless `longerThan` is a non-negative number of milliseconds.
   */
  stuck(options: StuckOptions = {}): StuckTask[] {
    return stuckTasks(this.core.door, options);
  }

  /**
   * The current state of the pool as plain, deeply frozen JSON data.
   * @throws TypeError, RangeError for invalid options.
   */
  snapshot(options: SnapshotOptions = {}): PoolSnapshot {
    snapshotOptions.check('snapshot()', options);
    return takeSnapshot(this.core.door.state, options);
  }

  /** The JSON form of a pool: its snapshot. */
  toJSON(): PoolSnapshot {
    return this.snapshot();
  }

  /** What `console.log` prints of a pool. @internal */
  [PRINTED](): string {
    const { kind, name, status, isPaused, numRunning, totals } = this;
    const { poolSize } = this.core.door.state;
    const size = poolSize === Number.POSITIVE_INFINITY ? '' : ` of ${poolSize}`;
    const pending = this.numPending;
    const { fulfilled, rejected, cancelled } = totals;
    const counts = counted({ pending, fulfilled, rejected, cancelled });
    return `${kind} ${oneLine(name)}: ${status}${isPaused ? ', paused' : ''}, ${numRunning}${size} running${counts}`;
  }

  /**
   * Statistics of the tasks by group and by function: how many are in which state, how they ended, how long they
   * waited and ran, which failed, which are slow and which are stuck. They are collected from the first call on,
   * starting with the events in the journal in memory.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * await pool.map((n: number) => n * 2, [1, 2, 3], { groupName: 'numbers' }).results();
   * const { total, groups } = await pool.statistics();
   * total.outcomes; // => { fulfilled: 3, rejected: 0, cancelled: 0 }
   * groups[0]?.ran?.count; // => 3
   * await pool.gatherAndClose();
   * ```
   */
  async statistics(): Promise<StatisticsSummary> {
    // Loaded on first use, so that pools without statistics do not pay for it.
    const { statisticsOf } = await import('../statistics/follow.ts');
    return statisticsOf(this, this.core.door.state, this.clock.now());
  }

  /**
   * Subscribes to events of one type, with `'task.*'` to all events about tasks, or with `'*'` to all events. The
   * handler is called in the order of `seq`; errors that it throws go to the logger. With `once` it is called only
   * for the first event, and never after `signal` is aborted. `pool.created` and `pool.recovered` are recorded before
   * anyone can subscribe: to receive them use `{ replay: true }`, which starts with the events in the journal in
   * memory.
   *
   * @returns a function that ends the subscription.
   * @throws RangeError for an unknown type, NotAFunction if `handler` is no function, TypeError for invalid options.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const outcomes: string[] = [];
   * const off = pool.on('task.ended', ({ outcome }) => outcomes.push(outcome));
   * await pool.apply(() => 1).results();
   * off();
   * outcomes; // => ['fulfilled']
   * ```
   */
  on(type: '*', handler: EventHandler, options?: SubscribeOptions): () => void;
  on<S extends 'task' | 'group' | 'callback' | 'journal' | 'limit' | 'pool'>(
    type: `${S}.*`,
    handler: EventHandler<PoolEventAbout<S>>,
    options?: SubscribeOptions,
  ): () => void;
  // Written out, so that the compiler lists the valid names when one is wrong.
  on<
    T extends
      | 'task.queued'
      | 'task.started'
      | 'task.placed'
      | 'task.progressed'
      | 'task.cancelling'
      | 'task.timedOut'
      | 'task.failed'
      | 'task.requeued'
      | 'task.cancelled'
      | 'task.ended'
      | 'task.interrupted'
      | 'task.prioritised'
      | 'group.created'
      | 'group.supplied'
      | 'group.submitted'
      | 'group.withdrawn'
      | 'group.resized'
      | 'group.prioritised'
      | 'group.paused'
      | 'group.resumed'
      | 'group.exhausted'
      | 'group.failed'
      | 'group.cancelled'
      | 'callback.failed'
      | 'journal.failed'
      | 'limit.changed'
      | 'limit.paused'
      | 'pool.created'
      | 'pool.resized'
      | 'pool.locked'
      | 'pool.unlocked'
      | 'pool.paused'
      | 'pool.resumed'
      | 'pool.suspended'
      | 'pool.flushed'
      | 'pool.recovered'
      | 'pool.closing'
      | 'pool.closed',
  >(type: T, handler: EventHandler<PoolEventOf<T>>, options?: SubscribeOptions): () => void;
  on(type: string, handler: EventHandler<never>, options: SubscribeOptions = {}): () => void {
    subscribeOptions.check('on()', options);
    return this.core.publisher.on(type, handler as EventHandler, options);
  }
}
