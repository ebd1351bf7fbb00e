/** What a journal says about the work of a pool: which tasks there were, when they came, how long they took. */

import type { GroupMethod, LimitKey, LimitNumbers, PoolEvent, PoolEventOf } from '../index.ts';

/** One run of a task. */
interface RecordedAttempt {
  /** How long it took, in milliseconds. */
  readonly ran: number;
  /** After how many milliseconds the task was queued for another one; undefined for the last one. */
  retryAfter?: number | undefined;
}

export interface RecordedTask {
  readonly group: RecordedGroup;
  readonly priority: number | undefined;
  readonly keys: Readonly<Record<string, LimitKey>>;
  /** When it came, was started first, and ended: milliseconds since the pool was made. */
  readonly arrivedAt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  readonly attempts: RecordedAttempt[];
  /** When the attempt began that is under way. */
  attemptAt: number;
  /** When the one before failed, as long as no other has begun. */
  failedAt: number | undefined;
  /** Whether that waited elsewhere before it ran: it held its slot for longer than it ran. */
  isPlaced: boolean;
}

export interface RecordedGroup {
  readonly name: string;
  readonly method: GroupMethod;
  numConcurrent: number | null;
  readonly priority: number;
  readonly limits: Readonly<Record<string, LimitKey | null>>;
  readonly lookahead: number | undefined;
  arrivedAt: number;
  /** Whether its source has no length. */
  readonly isOpen: boolean;
  /** Whether all of it came at once, as arrays and `num` do. */
  readonly isWhole: boolean;
  readonly tasks: RecordedTask[];
  /** When its submissions came that are no tasks yet, by their indices. */
  readonly submitted: Map<number, number>;
}

/** Something that was done to the pool. */
export interface RecordedChange {
  readonly at: number;
  readonly event: PoolEventOf<
    | 'pool.resized'
    | 'pool.paused'
    | 'pool.resumed'
    | 'group.resized'
    | 'group.prioritised'
    | 'group.paused'
    | 'group.resumed'
    | 'task.prioritised'
    | 'limit.changed'
    | 'limit.paused'
  >;
  /** Which group, where it is about one. */
  readonly group?: RecordedGroup | undefined;
  /** Which task, where it is about one. */
  readonly task?: RecordedTask | undefined;
}

export class Recording {
  readonly groups: RecordedGroup[] = [];
  readonly changes: RecordedChange[] = [];
  poolSize: number | null = null;
  limits: Record<string, LimitNumbers> = {};
  /** Groups by their names, which are free again once one was cancelled. */
  readonly #named = new Map<string, RecordedGroup>();
  readonly #tasks = new Map<number, RecordedTask>();
  /** What is taken off times: nothing, until a pool was continued by another process. */
  #start = 0;
  #lastAt: number | undefined = undefined;

  readonly #allAtOnce: boolean;

  /** @param allAtOnce whether the items of open sources came with their group, too. */
  constructor(allAtOnce: boolean) {
    this.#allAtOnce = allAtOnce;
  }

  add(event: PoolEvent): void {
    if (this.#lastAt === undefined) {
      if (event.type !== 'pool.created') {
        throw new TypeError(
          `expected the events of a pool from its first one on, got ${event.type} with seq ${event.seq}`,
        );
      }
      this.#start = event.at;
      this.poolSize = event.poolSize;
      this.limits = { ...event.limits };
    }
    const passed = event.at - (this.#lastAt ?? event.at);
    // Nothing could happen until another process went on; a clock that was set back says nothing.
    if (event.type === 'pool.recovered' || passed < 0) this.#start += passed;
    this.#lastAt = event.at;
    this.#apply(event, event.at - this.#start);
  }

  /** When the last event was recorded: milliseconds since the pool was made. */
  get endsAt(): number {
    return (this.#lastAt ?? 0) - this.#start;
  }

  #apply(event: PoolEvent, at: number): void {
    switch (event.type) {
      case 'group.created':
        this.#createGroup(event, at);
        break;
      case 'group.submitted':
        this.#submit(event, at);
        break;
      case 'task.queued':
        this.#queue(event, at);
        break;
      case 'task.started':
        this.#with(event.id, (task) => {
          task.startedAt ??= at;
          task.attemptAt = at;
          task.failedAt = undefined;
          task.isPlaced = false;
        });
        break;
      case 'task.placed':
        this.#with(event.id, (task) => {
          task.isPlaced = true;
        });
        break;
      case 'task.interrupted':
        this.#with(event.id, (task) => {
          if (task.startedAt === undefined || event.unstarted === true) return;
          task.attempts.push({ ran: at - task.attemptAt, retryAfter: 0 });
        });
        break;
      case 'task.prioritised':
        this.#with(event.id, (task) => this.changes.push({ at, event, task }));
        break;
      case 'task.failed':
        this.#with(event.id, (task) => {
          const retryAfter = Math.max(0, event.retryAt - event.at);
          task.attempts.push({ ran: at - task.attemptAt, retryAfter });
          task.failedAt = at;
        });
        break;
      case 'task.requeued':
        this.#with(event.id, (task) => this.#requeue(task, at));
        break;
      case 'task.ended':
        this.#with(event.id, (task) => this.#end(task, event, at));
        break;
      case 'group.resized':
      case 'group.prioritised':
      case 'group.paused':
      case 'group.resumed':
        this.changes.push({ at, event, group: this.#named.get(event.group) });
        break;
      case 'limit.changed':
        // One that a later process has added was none before.
        this.limits[event.limit] ??= { concurrent: null, rate: null };
        this.changes.push({ at, event });
        break;
      case 'pool.resized':
      case 'pool.paused':
      case 'pool.resumed':
      case 'limit.paused':
        this.changes.push({ at, event });
        break;
      default:
    }
  }

  #createGroup(event: PoolEventOf<'group.created'>, arrivedAt: number): void {
    const { group: name, method, numConcurrent, priority = 0, limits = {}, lookahead } = event;
    const isWhole = event.planned !== undefined;
    const tasks: RecordedTask[] = [];
    const given = { name, method, numConcurrent, priority, limits, lookahead };
    const group = {
      ...given,
      arrivedAt,
      isWhole: isWhole || this.#allAtOnce,
      isOpen: !isWhole,
      tasks,
      submitted: new Map(),
    };
    this.groups.push(group);
    this.#named.set(name, group);
  }

  /** Of a durable pool the journal says when a submission came, and not only when it became a task. */
  #submit({ group: name, calls }: PoolEventOf<'group.submitted'>, at: number): void {
    const submitted = this.#named.get(name)?.submitted;
    for (const { index, args } of calls) {
      // A call comes with its arguments, a change of one that waits without them.
      if (args !== undefined) submitted?.set(index, at);
    }
  }

  #queue(event: PoolEventOf<'task.queued'>, at: number): void {
    const { id, index, group: name, priority, keys = {} } = event;
    const group = this.#named.get(name);
    if (group === undefined) return;
    const submittedAt = group.submitted.get(index);
    group.submitted.delete(index);
    // A source gives its first item when it has one.
    if (group.isOpen && group.tasks.length === 0) group.arrivedAt = submittedAt ?? at;
    const task: RecordedTask = {
      group,
      priority,
      keys,
      arrivedAt: group.isWhole ? group.arrivedAt : (submittedAt ?? at),
      startedAt: undefined,
      endedAt: undefined,
      attempts: [],
      attemptAt: at,
      failedAt: undefined,
      isPlaced: false,
    };
    group.tasks.push(task);
    this.#tasks.set(id, task);
  }

  /** It was due before, but timers are late on a busy machine. */
  #requeue(task: RecordedTask, at: number): void {
    const last = task.attempts.at(-1);
    if (last !== undefined && task.failedAt !== undefined) last.retryAfter = at - task.failedAt;
  }

  #end(task: RecordedTask, event: PoolEventOf<'task.ended'>, at: number): void {
    this.#tasks.delete(event.id);
    if (task.startedAt === undefined) return;
    task.endedAt = at;
    const last = task.attempts.at(-1);
    // It was cancelled between two attempts: there was no other.
    if (last !== undefined && task.failedAt !== undefined) {
      last.retryAfter = undefined;
      return;
    }
    const heldSlot = at - task.attemptAt;
    task.attempts.push({ ran: task.isPlaced ? heldSlot : (event.ran ?? heldSlot) });
  }

  #with(id: number, change: (task: RecordedTask) => void): void {
    const task = this.#tasks.get(id);
    if (task !== undefined) change(task);
  }
}
