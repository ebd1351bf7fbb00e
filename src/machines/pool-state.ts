/** The state of a pool: its records and their counts. `apply-event.ts` defines how events change it. */

import type { PoolKind, Retain } from '../events/events.ts';
import {
  ACTIVE,
  CANCELLED,
  CANCELLING,
  DELAYED,
  ENDED,
  POOL_STATUSES,
  type PoolStatus,
  poolChart,
  QUEUED,
  TIMED_OUT,
  taskChart,
} from './charts.ts';
import { GroupTable } from './group-table.ts';
import { IdTable } from './id-table.ts';
import type { LimitRecords } from './limit-records.ts';
import { type GroupRecord, type PoolTotals, StateTasks, type TaskRecord } from './records.ts';

/**
 * The subject of an event: the record of a task or group (for `task.queued` and `group.created` the new one), or
 * undefined for the pool itself.
 */
export type Subject = TaskRecord | GroupRecord | undefined;

/** Notified before records of a state change, see `capture.ts`. */
export interface StateWatch {
  /** A task, and with it its group, is about to change or to be forgotten. */
  beforeTask(task: TaskRecord): void;
  /** A group is about to change or to be forgotten. */
  beforeGroup(group: GroupRecord): void;
  /** A task is about to leave the list of ended tasks. */
  beforeLeavingEnded(task: TaskRecord): void;
}

export class PoolState<T extends TaskRecord = TaskRecord, G extends GroupRecord = GroupRecord> {
  /** The `seq` of the last event applied. */
  seq = -1;
  readonly name: string;
  kind: PoolKind = 'TaskPool';
  /** The globally unique id of the pool; empty for older journals without one. */
  uid = '';
  /** How often it was recovered. */
  epoch = 0;
  poolSize = Number.POSITIVE_INFINITY;
  retain: Retain = 'all';
  /** Whether no tasks start. */
  paused = false;
  /** Whether it was suspended, to be continued by another process. */
  suspended = false;
  /** How many tasks hold a slot: started and not ended. */
  slots = 0;
  /** How many groups have an open source; groups of submissions do not count. */
  openSources = 0;
  /** How many known items are no tasks yet; an open source without a length counts as 1. */
  numUnmade = 0;
  /** The remembered tasks by id, in order of creation. */
  readonly tasks = new IdTable<T>();
  /** The groups by name. */
  readonly groups = new GroupTable<G>();
  /** Cancelled groups with remembered tasks, which are no longer found by name. */
  readonly cancelled = new Set<G>();
  /** The tasks that run and are not being cancelled, in order of start. */
  readonly running = new StateTasks<T>();
  /** The remembered ended tasks, in order of ending. */
  readonly ended = new StateTasks<T>();
  readonly totals = {
    created: 0,
    started: 0,
    fulfilled: 0,
    rejected: 0,
    cancelled: 0,
  } satisfies PoolTotals;

  /** Undefined if the pool has no limits. */
  limits: LimitRecords | undefined = undefined;

  /** Usually empty. */
  readonly watches: StateWatch[] = [];

  /** The code of the pool's state in the chart. */
  statusCode = poolChart.initial;
  /** How many tasks are in each state of the chart. */
  readonly counts: number[] = taskChart.states.map(() => 0);

  constructor(name: string) {
    this.name = name;
  }

  get status(): PoolStatus {
    return POOL_STATUSES[this.statusCode] as PoolStatus;
  }

  get numQueued(): number {
    return this.counts[QUEUED] as number;
  }

  get numRunning(): number {
    return (this.counts[ACTIVE] as number) + this.numUnwinding;
  }

  /** How many tasks have an aborted signal and a function that has not settled. */
  get numUnwinding(): number {
    return (this.counts[CANCELLING] as number) + (this.counts[TIMED_OUT] as number);
  }

  /** How many tasks have failed and will be retried. */
  get numDelayed(): number {
    return this.counts[DELAYED] as number;
  }

  get numCancelled(): number {
    return this.counts[CANCELLED] as number;
  }

  get numEnded(): number {
    return this.counts[ENDED] as number;
  }

  /** How many tasks are in a state, by its code. */
  numIn(state: number): number {
    return this.counts[state] ?? 0;
  }

  /** How many tasks have not ended. */
  get numLive(): number {
    const { created, fulfilled, rejected, cancelled } = this.totals;
    return created - fulfilled - rejected - cancelled;
  }

  /** Notifies the watches that a task is about to change or to be forgotten. */
  warn(task: T): void {
    for (const watch of this.watches) watch.beforeTask(task);
  }

  /** Counts the expected items of an open source; groups of submissions do not count. */
  expectItems(group: G): void {
    if (group.isSubmitted) return;
    const { planned } = group.identity.kind;
    this.openSources++;
    group.numUnmade = planned === undefined ? 1 : Math.max(0, planned - group.created);
    this.numUnmade += group.numUnmade;
  }

  /** Called when the source of a group closes. */
  expectNoMore(group: G): void {
    if (group.isSubmitted) return;
    this.openSources--;
    this.numUnmade -= group.numUnmade;
    group.numUnmade = 0;
  }
}
