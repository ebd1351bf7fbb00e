/**
 * The state of a pool and the one fold: how each event changes it. The live pool and the replay of
 * a journal call the same {@link PoolState.apply}.
 */

import { IllegalTransition, StoreGap } from '../errors.ts';
import {
  Code,
  type EndedTask,
  EVENT_TYPES,
  type EventCode,
  type FailedAttempt,
  GROUP_CODES,
  LIMIT_CODES,
  OTHER_CODES,
  OUTCOMES,
  POOL_CODES,
  type QueuedTask,
  TIMEOUT_KINDS,
} from '../event-table.ts';
import type { EventFields, Json, Outcome, PoolKind, Retain, TimeoutKind } from '../events.ts';
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
import { REFUSED } from './compile.ts';
import { GroupTable } from './group-table.ts';
import { IdTable } from './id-table.ts';
import { LimitRecords } from './limit-records.ts';
import { limitFromJson } from './limits.ts';
import {
  type GroupRecord,
  type PoolTotals,
  type SourceStatus,
  StateTasks,
  type TaskRecord,
} from './records.ts';

/**
 * What an event is about: the record of a task or group (for `task.queued` and `group.created` the
 * new one), or nothing for the pool itself.
 */
export type Subject = TaskRecord | GroupRecord | undefined;

/** How many events concern the pool: the columns of its table. */
const POOL_EVENTS = EVENT_TYPES.length - POOL_CODES;

// What is looked up for each event of each task, in constants of this module: they cost nothing.
const { taskQueued, taskStarted, taskEnded } = Code;
const { table: TASK_TABLE } = taskChart;
const FULFILLED = OUTCOMES.indexOf('fulfilled');

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
  poolSize = Number.POSITIVE_INFINITY;
  retain: Retain = 'all';
  /** Whether no tasks start. */
  paused = false;
  /** Tasks that hold a slot: started and not ended. */
  slots = 0;
  /** Groups whose source may still give a task; of submissions nobody knows what is to come. */
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

  #status = poolChart.initial;
  /** How many tasks are in each state of the chart. */
  readonly #counts: number[] = taskChart.states.map(() => 0);

  constructor(name: string) {
    this.name = name;
  }

  get status(): PoolStatus {
    return POOL_STATUSES[this.#status] as PoolStatus;
  }

  get numQueued(): number {
    return this.#counts[QUEUED] as number;
  }

  get numRunning(): number {
    return (this.#counts[ACTIVE] as number) + this.numUnwinding;
  }

  /** Tasks whose signal is aborted, and whose functions have not settled. */
  get numUnwinding(): number {
    return (this.#counts[CANCELLING] as number) + (this.#counts[TIMED_OUT] as number);
  }

  /** Tasks that have failed and will be run again. */
  get numDelayed(): number {
    return this.#counts[DELAYED] as number;
  }

  get numCancelled(): number {
    return this.#counts[CANCELLED] as number;
  }

  get numEnded(): number {
    return this.#counts[ENDED] as number;
  }

  /** How many tasks are in a state, by its code. */
  numIn(state: number): number {
    return this.#counts[state] ?? 0;
  }

  /** Tasks that were created and have not ended. */
  get numLive(): number {
    const { created, fulfilled, rejected, cancelled } = this.totals;
    return created - fulfilled - rejected - cancelled;
  }

  /**
   * Applies one event in columns, see `event-table.ts`.
   *
   * @throws IllegalTransition if the chart does not allow the event now; the state is unchanged.
   */
  apply(code: EventCode, at: number, subject: Subject, n: number, detail: unknown): void {
    if (code < GROUP_CODES) this.#applyToTask(code, at, subject as T, n, detail);
    else if (code < OTHER_CODES) this.#applyToGroup(code, subject as G, detail);
    else if (code >= POOL_CODES) this.#applyToPool(code, detail);
    else if (code >= LIMIT_CODES) this.#applyToLimit(code, detail);
    this.seq++;
  }

  /**
   * Throws what {@link apply} would throw, and changes nothing.
   *
   * @throws IllegalTransition, StoreGap
   */
  check(code: EventCode, subject: Subject): void {
    if (code === taskQueued) this.#checkNext(subject as T);
    else if (code < GROUP_CODES) this.#nextOfTask(code, subject as T);
    else if (code === Code.poolCreated) this.#checkFirst();
    else if (code >= POOL_CODES) this.#nextOfPool(code);
  }

  /** Takes in a group as it stood at a checkpoint; groups come in the order of creation. */
  restoreGroup(group: G): void {
    if (group.source === 'open' && !group.isSubmitted) this.#expect(group);
    if (group.source === 'cancelled') this.cancelled.add(group);
    else this.groups.restore(group);
  }

  /** Takes in a task as it stood at a checkpoint; tasks come in the order of their ids. */
  restoreTask(task: T): void {
    this.#counts[task.state]!++;
    this.tasks.add(task.id, task);
    task.group.push(task);
    if (task.state === DELAYED) task.group.delayed++;
    if (task.startedAt === undefined || task.state === ENDED) return;
    this.slots++;
    task.group.slots++;
  }

  restoreStatus(status: PoolStatus): void {
    this.#status = poolChart.code(status);
  }

  #applyToTask(code: EventCode, at: number, task: T, n: number, detail: unknown): void {
    if (this.watches.length > 0) this.#warn(task);
    if (code === taskQueued) this.#enter(task, at, detail as QueuedTask);
    else {
      const from = task.state;
      const to = this.#nextOfTask(code, task);
      if (to !== from) this.#move(task, from, to);
      if (code === taskStarted) this.#takeSlot(task, at);
      else if (code === taskEnded) this.#end(task, at, n, detail as EndedTask | undefined);
      else this.#note(code, task, n, detail);
    }
  }

  #warn(task: T): void {
    for (const watch of this.watches) watch.beforeTask(task);
  }

  /** The events that hardly any task has. */
  #note(code: EventCode, task: T, n: number, detail: unknown): void {
    if (code === Code.taskProgressed) task.note({ progress: detail as Json });
    else if (code === Code.taskFailed) this.#fail(task, detail as FailedAttempt);
    else if (code === Code.taskRequeued) task.note({ attempt: task.attempt + 1 });
    else if (code === Code.taskTimedOut) task.note({ timedOut: TIMEOUT_KINDS[n] as TimeoutKind });
    else if (code === Code.taskInterrupted) this.#interrupt(task, n === 0);
    else if (code === Code.taskPrioritised) task.note({ priority: detail as number });
    else if (detail !== undefined) task.note({ reason: detail as Json });
  }

  #nextOfTask(code: EventCode, task: T): number {
    const to = TASK_TABLE[task.state * GROUP_CODES + code] as number;
    if (to !== REFUSED) return to;
    throw this.#illegal(code, `task ${task.id}`, taskChart.states[task.state]);
  }

  #nextOfPool(code: EventCode): number {
    const to = poolChart.table[this.#status * POOL_EVENTS + code - POOL_CODES] as number;
    if (to === REFUSED) throw this.#illegal(code, 'the pool', this.status);
    return to;
  }

  #checkNext(task: T): void {
    if (task.id === this.totals.created) return;
    throw new StoreGap(`expected a task with id ${this.totals.created}, got ${task.id}`);
  }

  #checkFirst(): void {
    if (this.seq !== -1) throw this.#illegal(Code.poolCreated, 'the pool', this.status);
  }

  #enter(task: T, at: number, { item, priority, keys }: QueuedTask): void {
    this.#checkNext(task);
    task.queuedAt = at;
    this.totals.created++;
    this.#counts[QUEUED]!++;
    this.tasks.add(task.id, task);
    const { group } = task;
    group.created++;
    group.push(task);
    if (group.numUnmade > 0 && group.identity.kind.planned !== undefined) {
      group.numUnmade--;
      this.numUnmade--;
    }
    if (priority !== undefined && task.notes.priority === undefined) task.note({ priority });
    if (keys !== undefined) task.note({ keys });
    if (group.stored !== undefined) group.stored.enter(task.index, item);
  }

  #move(task: T, from: number, to: number): void {
    task.state = to;
    this.#counts[from]!--;
    this.#counts[to]!++;
    if (from === ACTIVE) this.running.remove(task);
    if (to === ACTIVE) this.running.push(task);
    if (from === DELAYED) task.group.delayed--;
  }

  #takeSlot(task: T, at: number): void {
    task.startedAt = at;
    task.group.slots++;
    this.slots++;
    this.totals.started++;
    const { keys } = task.notes;
    if (this.limits !== undefined && keys !== undefined) this.limits.start(keys, at);
  }

  #freeSlot({ group, startedAt }: T): void {
    if (startedAt === undefined) return;
    group.slots--;
    this.slots--;
  }

  #fail(task: T, { error, retryAt }: FailedAttempt): void {
    this.#freeSlot(task);
    task.startedAt = undefined;
    task.group.delayed++;
    const { failures = 0 } = task.notes;
    task.note({ failures: failures + 1, lastError: error, retryAt });
  }

  #interrupt(task: T, mayHaveStarted: boolean): void {
    this.#freeSlot(task);
    task.startedAt = undefined;
    task.note({ attempt: task.attempt + 1 });
    const { interruptions = 0 } = task.notes;
    if (mayHaveStarted) task.note({ interruptions: interruptions + 1 });
  }

  #end(task: T, at: number, outcome: number, detail: EndedTask | undefined): void {
    const { group } = task;
    const error = detail?.error;
    task.endedAt = at;
    this.#freeSlot(task);
    task.outcome = OUTCOMES[outcome] as Outcome;
    if (error !== undefined) task.note({ error });
    if (group.identity.kind.keepResults !== undefined) keep(task, detail);
    group.ended++;
    if (group.stored !== undefined) group.stored.leave(task.index);
    if (outcome === FULFILLED) this.totals.fulfilled++;
    else this.totals[task.outcome]++;
    this.#retain(task);
  }

  /** The retention rule is part of the fold: replay forgets what the live pool forgot. */
  #retain(task: T): void {
    const { retain, ended } = this;
    if (retain === 'none' || (retain === 'errors' && task.outcome !== 'rejected')) {
      this.#forget(task);
      return;
    }
    ended.push(task);
    if (typeof retain === 'number' && ended.length > retain) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const task = this.ended.first as T;
    for (const watch of this.watches) watch.beforeLeavingEnded(task);
    this.ended.remove(task);
    this.#forget(task);
  }

  #forget(task: T): void {
    if (this.watches.length > 0) this.#warn(task);
    this.tasks.remove(task.id);
    this.#counts[ENDED]!--;
    task.group.remove(task);
    if (task.group.length === 0) this.#forgetGroup(task.group as G);
  }

  /** A group goes with its last task, unless its source may still give another. */
  #forgetGroup(group: G): void {
    for (const watch of this.watches) watch.beforeGroup(group);
    if (group.source === 'exhausted' || group.source === 'failed') this.groups.remove(group);
    else if (group.source === 'cancelled') this.cancelled.delete(group);
  }

  #applyToGroup(code: EventCode, group: G, detail: unknown): void {
    for (const watch of this.watches) watch.beforeGroup(group);
    if (code === Code.groupCreated) this.#openSource(group);
    else if (code === Code.groupExhausted) this.#closeSource(group, 'exhausted');
    else if (code === Code.groupFailed) this.#closeSource(group, 'failed');
    else if (code === Code.groupCancelled) this.#closeSource(group, 'cancelled');
    else if (code === Code.groupSupplied) {
      group.stored?.supply((detail as EventFields['group.supplied']).items);
    } else if (code === Code.groupSubmitted) {
      group.stored?.supply((detail as EventFields['group.submitted']).calls);
    } else if (code === Code.groupWithdrawn) {
      group.stored?.withdraw((detail as EventFields['group.withdrawn']).indices);
    } else if (code === Code.groupResized) {
      group.numConcurrent = (detail as EventFields['group.resized']).numConcurrent;
    } else if (code === Code.groupPrioritised) {
      group.priority = (detail as EventFields['group.prioritised']).priority;
    } else group.paused = code === Code.groupPaused;
  }

  #openSource(group: G): void {
    this.groups.add(group);
    if (!group.isSubmitted) this.#expect(group);
  }

  /** A source is open. */
  #expect(group: G): void {
    const { planned } = group.identity.kind;
    this.openSources++;
    group.numUnmade = planned === undefined ? 1 : Math.max(0, planned - group.created);
    this.numUnmade += group.numUnmade;
  }

  #closeSource(group: G, status: SourceStatus): void {
    if (group.source === 'open' && !group.isSubmitted) {
      this.openSources--;
      this.numUnmade -= group.numUnmade;
      group.numUnmade = 0;
    }
    group.source = status;
    if (status === 'cancelled') {
      this.groups.remove(group);
      if (group.length > 0) this.cancelled.add(group);
    } else if (group.length === 0 && this.retain !== 'all') this.#forgetGroup(group);
  }

  #applyToLimit(code: EventCode, detail: unknown): void {
    this.limits ??= new LimitRecords({});
    if (code === Code.limitChanged) this.limits.change(detail as EventFields['limit.changed']);
    else this.limits.pause(detail as EventFields['limit.paused']);
  }

  #applyToPool(code: EventCode, detail: unknown): void {
    if (code === Code.poolCreated) {
      this.#create(detail as EventFields['pool.created']);
      return;
    }
    this.#status = this.#nextOfPool(code);
    if (code === Code.poolResized) {
      this.poolSize = limitFromJson((detail as EventFields['pool.resized']).poolSize);
    } else if (code === Code.poolPaused || code === Code.poolResumed) {
      this.paused = code === Code.poolPaused;
    } else if (code === Code.poolFlushed || code === Code.poolClosed) this.#flush();
  }

  #create(fields: EventFields['pool.created']): void {
    this.#checkFirst();
    this.kind = fields.kind;
    this.poolSize = limitFromJson(fields.poolSize);
    this.retain = fields.retain;
    if (fields.limits !== undefined) this.limits = new LimitRecords(fields.limits);
  }

  #flush(): void {
    while (this.ended.first !== undefined) this.#forgetOldest();
    for (const group of this.groups) if (group.length === 0) this.#forgetGroup(group);
  }

  #illegal(code: EventCode, subject: string, state: string | undefined): IllegalTransition {
    return new IllegalTransition(
      `expected an event that ${subject} allows when ${state}, got ${EVENT_TYPES[code]} after seq ${this.seq}`,
    );
  }
}

/** Notes what a task has returned, as far as the journal has it. */
function keep(task: TaskRecord, detail: EndedTask | undefined): void {
  const { value, omitted } = detail ?? {};
  if (value !== undefined) task.note({ value });
  if (omitted !== undefined) task.note({ omitted });
}
