/** Running tasks and groups: their records, and what cannot be in a record because it is not plain data. */

import type { Json, LimitKey } from '../../events/events.ts';
import { isBefore, type LineEntry, OrderedLine } from '../../kit/ordered-line.ts';
import {
  ACTIVE,
  CANCELLING,
  DELAYED,
  ENDED,
  type TaskActor,
  TIMED_OUT,
} from '../../machines/charts.ts';
import type { GroupIdentity } from '../../machines/group-identity.ts';
import { GroupRecord } from '../../machines/records.ts';
import type { Stored } from '../../machines/stored.ts';
import type { Lanes } from '../admission/lanes.ts';
import type { Terms } from '../admission/terms.ts';
import type { Feed } from '../feeds/feed.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { Requested } from '../results/requested.ts';
import { OVER, type ResultSink } from '../results/results.ts';
import { type AsyncContext, NO_CONTEXT } from '../turn/async-context.ts';
import { WaitingTask } from './waiting-task.ts';
import type { Work } from './work.ts';

/** When a task began to wait and to run, by the monotonic clock. */
export interface Times {
  readonly queued: number;
  started: number | undefined;
  /** When its remote function started, if it has one. */
  placed: number | undefined;
}

export class Task extends WaitingTask {
  declare readonly group: Group;
  /** What the function is called with; released when the task ends. */
  item: unknown;
  /** What the function returned or threw, or the reason of the cancellation. */
  value: unknown = undefined;
  /** Its place in the order in which the tasks of its group ended, from 1. */
  rank = 0;
  /** Created on first access. */
  actor: TaskActor | undefined = undefined;
  /** Defined while the durations of tasks are measured. */
  times: Times | undefined = undefined;
  /** Created when the result of this task is requested. */
  declare asked: Requested<unknown> | undefined;

  constructor(id: number, group: Group, index: number, item: unknown) {
    super(id, group, index);
    this.item = item;
  }

  /** The function to call, and how; usually the same for all tasks of its group. */
  get fn(): AnyFunction {
    return this.group.fn;
  }

  get work(): Work {
    return this.group.work;
  }

  /** Whether it holds a slot for its function, which has not settled. */
  get isAtWork(): boolean {
    const { state } = this;
    return state === ACTIVE || state === CANCELLING || state === TIMED_OUT;
  }

  /** Releases what is no longer needed once the task has ended. */
  release(): void {
    this.item = undefined;
    this.run?.release();
  }
}

// On the prototype, since hardly any task has it.
Task.prototype.asked = undefined;

/** The error of the source or the reason the group was cancelled with, whichever came first. */
export interface GroupFailure {
  readonly error: unknown;
  /** Whether the error must be reported: a cancellation is no failure of the group. */
  readonly counts: boolean;
  /** How many tasks had ended before. */
  readonly rank: number;
}

export class Group extends GroupRecord implements LineEntry<Group> {
  /** The function that its tasks call, and how, unless a task has its own. */
  readonly fn: AnyFunction;
  readonly work: Work;
  /** The async context in which the functions of its tasks are called. Set right after creation. */
  context: Pick<AsyncContext<Task>, 'run'> = NO_CONTEXT;
  /** Set right after creation: a feed may need to call back about its group. */
  feed!: Feed;
  /** The task that starts next: at most one waits for a slot, so that waiting is fair between groups. */
  head: Task | undefined = undefined;
  /** Tasks that wait behind the head: retried ones, and ones that were overtaken. */
  declare backlog: OrderedLine<Task> | undefined;
  /** Used instead of `backlog` if the group has limits: the tasks that keys hold back. */
  declare lanes: Lanes | undefined;
  /** Which keys its tasks need; undefined if it has no limits. */
  declare terms: Terms | undefined;
  /** How many of its tasks may be held back while more items are pulled, at least 1. */
  declare lookahead: number;
  /** How many tasks may be created in total: set by a slow consumer. */
  declare reach: number;
  /** Its place in the line for slots: by the score of its head, then by how long ago it was served. */
  score = 0;
  arrival = 0;
  place = -1;
  previous: Group | undefined = undefined;
  next: Group | undefined = undefined;
  /** Receives the results; {@link OVER} once it was notified that all tasks have ended. */
  sink: ResultSink | undefined = undefined;
  /** Why values will be missing, if no failed task is the cause. */
  failure: GroupFailure | undefined = undefined;
  /** Tasks that ended without having started, if no others have ended: see {@link endedTasks}. */
  declare unstarted: Task[] | undefined;
  /** Whether a tuple left room for a context among the plain parameters of the function. */
  declare hasSeenContext: boolean;

  constructor(identity: GroupIdentity, fn: AnyFunction, work: Work, stored: Stored | undefined) {
    super(identity, stored);
    this.fn = fn;
    this.work = work;
  }

  /** Whether further calls may add tasks, so that its source stays open when waiting ones are dropped. */
  get isLasting(): boolean {
    return false;
  }

  /**
   * The keys that the task of an item needs. Runs user code.
   *
   * @throws what that code throws, TypeError if it returns something that is no key.
   */
  keysOf(item: unknown): Readonly<Record<string, LimitKey>> | undefined {
    return this.terms?.keysOf(item);
  }

  /** Whether a submission that is no task yet comes before the head. */
  get isOvertaken(): boolean {
    return false;
  }

  /** Creates its next task. */
  makeTask(id: number, item: unknown): Task {
    const { stored } = this;
    // In a stored group each attempt gets a copy of the stored item, like later ones.
    const own = stored === undefined ? item : stored.copyOf(item as Json);
    return new Task(id, this, this.created, own);
  }

  override get tasks(): readonly Task[] {
    return super.tasks as readonly Task[];
  }

  /**
   * The remembered tasks that have ended. Tasks that were cancelled before the group could run any are included even
   * if the pool has forgotten them, since no caller had the time to request their results.
   */
  get endedTasks(): readonly Task[] {
    if (this.unstarted?.length === this.ended) return this.unstarted;
    return this.tasks.filter(({ state }) => state === ENDED);
  }

  /** Adds a task that has ended without having started. */
  addUnstarted(task: Task): void {
    if (this.ended === 1) this.unstarted = [task];
    else if (this.unstarted?.length === this.ended - 1) this.unstarted.push(task);
  }

  /** Sets why values will be missing; only the first reason counts. */
  failWith(error: unknown, counts: boolean): void {
    this.failure ??= { error, counts, rank: this.ended };
  }

  /** The tasks that hold no slot and have not ended, in the order of creation. */
  get waiting(): Task[] {
    const queued = [...(this.lanes ?? this.backlog ?? [])] as Task[];
    // At its most likely position, which speeds up sorting a very long list.
    if (this.head !== undefined) queued.unshift(this.head);
    const delayed = this.delayed > 0 ? this.tasks.filter(({ state }) => state === DELAYED) : [];
    return queued.concat(delayed).sort((a, b) => a.id - b.id);
  }

  /** Whether other tasks may wait behind its head. */
  get mayHoldBack(): boolean {
    return this.lanes !== undefined || this.backlog !== undefined;
  }

  /** How many of its tasks wait behind its head. */
  get numBehind(): number {
    return (this.lanes ?? this.backlog)?.length ?? 0;
  }

  /** Queues a task at its place. */
  enqueue(task: Task): void {
    if (this.lanes !== undefined) {
      this.lanes.enqueue(task);
      return;
    }
    if (this.head === undefined && this.backlog !== undefined) this.advance();
    const { head } = this;
    if (head === undefined) this.head = task;
    else if (isBefore(task, head)) {
      this.head = task;
      this.line.push(head);
    } else this.line.push(task);
  }

  /** Whether a task waits here. */
  isWaiting(task: Task): boolean {
    return this.head === task || task.place !== -1;
  }

  /** Removes a waiting task. */
  dropWaiting(task: Task): void {
    if (this.lanes !== undefined) this.lanes.drop(task);
    else if (this.head === task) this.head = undefined;
    else if (task.place !== -1) this.backlog?.remove(task);
  }

  /** How many of its tasks are delayed or held back by keys, while others might start. */
  get numHeldBack(): number {
    return this.delayed + (this.lanes === undefined ? 0 : this.lanes.length);
  }

  /** Makes the next waiting task the head. */
  advance(): void {
    this.head = this.backlog?.shift();
    if (this.backlog?.length === 0) this.backlog = undefined;
  }

  private get line(): OrderedLine<Task> {
    this.backlog ??= new OrderedLine();
    return this.backlog;
  }

  /**
   * How many tasks there will be, if that is known. An array is read item by item, so later changes of its length
   * count.
   */
  get planned(): number | undefined {
    const { planned } = this.identity.kind;
    if (planned === undefined) return undefined;
    if (this.source === 'exhausted') return this.created;
    return Math.max(this.created, this.feed.length ?? planned);
  }

  /** Whether values would be missing if the group were cancelled now, however its running tasks end. */
  get isIncomplete(): boolean {
    const { source, created, head, backlog } = this;
    if (head !== undefined || backlog !== undefined || this.numHeldBack > 0) return true;
    return source === 'open' && created !== this.planned;
  }

  /** Whether more of its tasks may start: waiting, future or retried ones. */
  get mayStartMore(): boolean {
    return this.source === 'open' || this.created - this.ended > this.slots;
  }

  /** Whether all its tasks have ended and no more will be created. */
  get isDone(): boolean {
    return this.source !== 'open' && this.ended === this.created;
  }

  /** Releases what is no longer needed once the group is done; returns its sink. */
  finish(): ResultSink | undefined {
    const { sink } = this;
    this.sink = OVER;
    this.context = NO_CONTEXT;
    return sink;
  }

  /** Whether its sinks were notified that it is done. */
  get isFinished(): boolean {
    return this.sink === OVER;
  }
}

// On the prototype, since hardly any group has one of these.
Group.prototype.backlog = undefined;
Group.prototype.lanes = undefined;
Group.prototype.terms = undefined;
Group.prototype.lookahead = 1000;
Group.prototype.reach = Number.POSITIVE_INFINITY;
Group.prototype.unstarted = undefined;
Group.prototype.hasSeenContext = false;
