/** Running tasks and groups: their records, and what cannot be in a record because it is not plain data. */

import type { Json, LimitKey } from '../../events/events.ts';
import { isBefore, type LineEntry, OrderedLine } from '../../kit/ordered-line.ts';
import { DELAYED, ENDED, type TaskActor } from '../../machines/charts.ts';
import type { GroupIdentity } from '../../machines/group-identity.ts';
import { GroupRecord } from '../../machines/records.ts';
import type { Stored } from '../../machines/stored.ts';
import type { Lanes } from '../admission/lanes.ts';
import type { Terms } from '../admission/terms.ts';
import type { Feed } from '../feeds/feed.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import { OVER, type ResultSink } from '../results/results.ts';
import type { TaskPromise } from '../results/task-promise.ts';
import { type AsyncContext, NO_CONTEXT } from '../turn/async-context.ts';
import { WaitingTask } from './waiting-task.ts';
import type { Work } from './work.ts';

/** Since when a task waits, and since when it runs, by the monotonic clock. */
export interface Times {
  readonly queued: number;
  started: number | undefined;
  /** Since when it runs elsewhere, if it does. */
  placed: number | undefined;
}

export class Task extends WaitingTask {
  declare readonly group: Group;
  /** What it calls, and how: as a rule as all tasks of its group do. */
  fn: AnyFunction;
  work: Work;
  /** What the function is called with; released when the task ends. */
  item: unknown;
  /** What the function returned or threw, or the reason of the cancellation. */
  value: unknown = undefined;
  /** Its place in the order in which the tasks of its group ended, from 1. */
  rank = 0;
  /** There once someone looked. */
  actor: TaskActor | undefined = undefined;
  /** There while someone wants to know how long tasks take. */
  times: Times | undefined = undefined;
  /** There once someone asked for its result alone. */
  declare asked: TaskPromise | undefined;
  constructor(id: number, group: Group, index: number, item: unknown) {
    super(id, group, index);
    this.fn = group.fn;
    this.work = group.work;
    this.item = item;
  }

  /** Releases what only a task that has not ended needs. */
  release(): void {
    this.item = undefined;
    this.releaseAttempt();
  }
}

// Hardly any task has it, so that none is made larger by it.
Task.prototype.asked = undefined;

/** What the source threw, or the reason the group was cancelled with: whichever came first. */
export interface GroupFailure {
  readonly error: unknown;
  /** Whether a caller has to be notified: a cancellation is no failure of its group. */
  readonly counts: boolean;
  /** How many tasks had ended before. */
  readonly rank: number;
}

export class Group extends GroupRecord implements LineEntry<Group> {
  /** What its tasks call, and how, unless one says otherwise. */
  readonly fn: AnyFunction;
  readonly work: Work;
  /** Where the functions of its tasks are called. Set right after creation. */
  context: Pick<AsyncContext<Task>, 'run'> = NO_CONTEXT;
  /** Set right after creation: a feed may need to call back about its group. */
  feed!: Feed;
  /** The task that starts next: at most one waits for a slot, so that waiting is fair between groups. */
  head: Task | undefined = undefined;
  /** Tasks that wait behind the head: those that are run again, and those that another one overtook. */
  declare backlog: OrderedLine<Task> | undefined;
  /** In place of it, where the group has limits: those that keys hold back. */
  declare lanes: Lanes | undefined;
  /** Which keys its tasks need; undefined if it has no limits. */
  declare terms: Terms | undefined;
  /** How many of its tasks may be held back while more items are pulled, from 1 on. */
  declare lookahead: number;
  /** Its place in the line for slots: by the score of its head, then by who was served longer ago. */
  score = 0;
  arrival = 0;
  place = -1;
  previous: Group | undefined = undefined;
  next: Group | undefined = undefined;
  /** Who gets the results; {@link OVER} once it was notified that all tasks have ended. */
  sink: ResultSink | undefined = undefined;
  /** Why values will be missing that no task has failed to give. */
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

  /** Whether calls may bring more, so that its source does not end when what waits is dropped. */
  get isLasting(): boolean {
    return false;
  }

  /**
   * The keys that the task of an item needs. Runs code of the user's.
   *
   * @throws what that throws, TypeError for what is no key.
   */
  keysOf(item: unknown): Readonly<Record<string, LimitKey>> | undefined {
    return this.terms?.keysOf(item);
  }

  /** How many tasks may be made of it in all: a slow consumer sets that. */
  declare reach: number;

  /** Whether something that is no task yet comes before the head. */
  get isOvertaken(): boolean {
    return false;
  }

  /** Makes its next task. */
  makeTask(id: number, item: unknown): Task {
    const { stored } = this;
    // A task of a group that is stored gets what a later attempt would get: a copy of that.
    const own = stored === undefined ? item : stored.copyOf(item as Json);
    return new Task(id, this, this.created, own);
  }

  override get tasks(): readonly Task[] {
    return super.tasks as readonly Task[];
  }

  /**
   * The tasks that have ended, as far as they are there. A task that was cancelled before its group
   * could run any is there though the pool forgot it: no one had the time to ask for its result.
   */
  get endedTasks(): readonly Task[] {
    if (this.unstarted?.length === this.ended) return this.unstarted;
    return this.tasks.filter(({ state }) => state === ENDED);
  }

  /** Notes a task that has just ended without having started. */
  addUnstarted(task: Task): void {
    if (this.ended === 1) this.unstarted = [task];
    else if (this.unstarted?.length === this.ended - 1) this.unstarted.push(task);
  }

  /** Notes why values will be missing; only the first reason counts. */
  failWith(error: unknown, counts: boolean): void {
    this.failure ??= { error, counts, rank: this.ended };
  }

  /** The tasks that hold no slot and have not ended, in the order in which they were made. */
  get waiting(): Task[] {
    const queued = [...(this.lanes ?? this.backlog ?? [])] as Task[];
    // In the place that it most often has in the order: there may be very many.
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

  /** Queues a task, in its place. */
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

  /** Takes out a task that waits. */
  dropWaiting(task: Task): void {
    if (this.lanes !== undefined) this.lanes.drop(task);
    else if (this.head === task) this.head = undefined;
    else if (task.place !== -1) this.backlog?.remove(task);
  }

  /** How many of its tasks are there and cannot start for now, though the group might run another. */
  get numHeldBack(): number {
    return this.delayed + (this.lanes === undefined ? 0 : this.lanes.length);
  }

  /** Lets the next one that waits behind be the head. */
  advance(): void {
    this.head = this.backlog?.shift();
    if (this.backlog?.length === 0) this.backlog = undefined;
  }

  private get line(): OrderedLine<Task> {
    this.backlog ??= new OrderedLine();
    return this.backlog;
  }

  /**
   * How many tasks there will be, where that is known: an array is read as it is when it is its turn,
   * so what was added to it or taken from it counts.
   */
  get planned(): number | undefined {
    const { planned } = this.identity.kind;
    if (planned === undefined) return undefined;
    if (this.source === 'exhausted') return this.created;
    return Math.max(this.created, this.feed.length ?? planned);
  }

  /** Whether values would be missing if it were cancelled now, whatever becomes of what runs. */
  get isIncomplete(): boolean {
    const { source, created, head, backlog } = this;
    if (head !== undefined || backlog !== undefined || this.numHeldBack > 0) return true;
    return source === 'open' && created !== this.planned;
  }

  /** Whether a task of it may still be started: one that waits, or is to be made or run again. */
  get mayStartMore(): boolean {
    return this.source === 'open' || this.created - this.ended > this.slots;
  }

  /** Whether its last task has ended, and no other will come. */
  get isDone(): boolean {
    return this.source !== 'open' && this.ended === this.created;
  }

  /** Releases what only a group needs that is not done; gives who waits for that. */
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

// Hardly any group has one of these, so that none is made larger by them.
Group.prototype.backlog = undefined;
Group.prototype.lanes = undefined;
Group.prototype.terms = undefined;
Group.prototype.lookahead = 1000;
Group.prototype.reach = Number.POSITIVE_INFINITY;
Group.prototype.unstarted = undefined;
Group.prototype.hasSeenContext = false;
