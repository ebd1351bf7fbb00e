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
 * What an event is about: the record of a task or group (for `task.queued` and `group.created` the
 * new one), or nothing for the pool itself.
 */
export type Subject = TaskRecord | GroupRecord | undefined;

/** Takes note of what a state is about to change, see `capture.ts`. */
export interface StateWatch {
  /** The task is about to change, or to be forgotten, and its group with it. */
  beforeTask(task: TaskRecord): void;
  /** The group is about to change, or to be forgotten. */
  beforeGroup(group: GroupRecord): void;
  /** The task is about to leave the list of those that have ended. */
  beforeLeavingEnded(task: TaskRecord): void;
}

export class PoolState<T extends TaskRecord = TaskRecord, G extends GroupRecord = GroupRecord> {
  /** The `seq` of the last event applied. */
  seq = -1;
  readonly name: string;
  kind: PoolKind = 'TaskPool';
  /** Tells it from every other pool; empty in journals that do not say it. */
  uid = '';
  /** How often it was recovered. */
  epoch = 0;
  poolSize = Number.POSITIVE_INFINITY;
  retain: Retain = 'all';
  /** Whether no tasks start. */
  paused = false;
  /** Whether its process has ended it, to be continued by another one. */
  suspended = false;
  /** Tasks that hold a slot: started and not ended. */
  slots = 0;
  /** Groups whose source may still give a task; of submissions no one knows what is to come. */
  openSources = 0;
  /** How many items are known of which no task was made; a source without a length counts 1. */
  numUnmade = 0;
  /** The remembered tasks by id, in order of creation. */
  readonly tasks = new IdTable<T>();
  /** The groups that are known by their names. */
  readonly groups = new GroupTable<G>();
  /** Groups that were cancelled and have remembered tasks: no name leads to them. */
  readonly cancelled = new Set<G>();
  /** Running and not being cancelled, in order of start. */
  readonly running = new StateTasks<T>();
  /** Ended and remembered, in order of ending. */
  readonly ended = new StateTasks<T>();
  readonly totals = {
    created: 0,
    started: 0,
    fulfilled: 0,
    rejected: 0,
    cancelled: 0,
  } satisfies PoolTotals;

  /** Undefined if the pool has none. */
  limits: LimitRecords | undefined = undefined;

  /** Hardly ever any. */
  readonly watches: StateWatch[] = [];

  /** The code of its state in the chart. */
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

  /** Tasks whose signal is aborted, and whose functions have not settled. */
  get numUnwinding(): number {
    return (this.counts[CANCELLING] as number) + (this.counts[TIMED_OUT] as number);
  }

  /** Tasks that have failed and will be run again. */
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

  /** Tasks that were created and have not ended. */
  get numLive(): number {
    const { created, fulfilled, rejected, cancelled } = this.totals;
    return created - fulfilled - rejected - cancelled;
  }

  /** A task is about to change, or to be forgotten. */
  warn(task: T): void {
    for (const watch of this.watches) watch.beforeTask(task);
  }

  /** Takes in a group as it stood at a checkpoint; groups come in the order of creation. */
  restoreGroup(group: G): void {
    if (group.source === 'open') this.expectItems(group);
    if (group.source === 'cancelled') this.cancelled.add(group);
    else this.groups.restore(group);
  }

  /** Takes in a task as it stood at a checkpoint; tasks come in the order of their ids. */
  restoreTask(task: T): void {
    this.counts[task.state]!++;
    this.tasks.add(task.id, task);
    task.group.push(task);
    if (task.state === DELAYED) task.group.delayed++;
    if (task.startedAt === undefined || task.state === ENDED) return;
    this.slots++;
    task.group.slots++;
  }

  restoreStatus(status: PoolStatus): void {
    this.statusCode = poolChart.code(status);
  }

  /** Counts what is to come of a source that is open; of submissions no one knows. */
  expectItems(group: G): void {
    if (group.isSubmitted) return;
    const { planned } = group.identity.kind;
    this.openSources++;
    group.numUnmade = planned === undefined ? 1 : Math.max(0, planned - group.created);
    this.numUnmade += group.numUnmade;
  }

  /** The source of a group closes. */
  expectNoMore(group: G): void {
    if (group.isSubmitted) return;
    this.openSources--;
    this.numUnmade -= group.numUnmade;
    group.numUnmade = 0;
  }
}
