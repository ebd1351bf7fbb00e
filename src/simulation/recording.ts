/** Extracts the work of a pool from its journal: tasks, arrival times and durations. */

import type { GroupMethod, LimitKey, LimitNumbers, PoolEvent, PoolEventOf } from '../index.ts';

/** An attempt of a task. */
interface RecordedAttempt {
  /** Its duration in milliseconds. */
  readonly ran: number;
  /** Milliseconds until the task was queued for a retry; undefined for the last attempt. */
  retryAfter?: number | undefined;
}

export interface RecordedTask {
  readonly group: RecordedGroup;
  readonly priority: number | undefined;
  readonly keys: Readonly<Record<string, LimitKey>>;
  /** The arrival, first start and end: milliseconds since the pool was created. */
  readonly arrivedAt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  readonly attempts: RecordedAttempt[];
  /** When the current attempt began. */
  attemptAt: number;
  /** When the previous attempt failed, until the next one begins. */
  failedAt: number | undefined;
  /** Whether the attempt waited remotely before it ran: it held its slot for longer than it ran. */
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
  /** Whether all its items arrived together, as with arrays and `num`. */
  readonly isWhole: boolean;
  readonly tasks: RecordedTask[];
  /** The arrival times of submissions that are no tasks yet, by their indices. */
  readonly submitted: Map<number, number>;
}

/** A change of the pool's settings. */
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
  /** The group, if the change concerns one. */
  readonly group?: RecordedGroup | undefined;
  /** The task, if the change concerns one. */
  readonly task?: RecordedTask | undefined;
}

export class Recording {
  readonly groups: RecordedGroup[] = [];
  readonly changes: RecordedChange[] = [];
  poolSize: number | null = null;
  limits: Record<string, LimitNumbers> = {};
  /** Groups by name; the name of a cancelled group may be reused. */
  readonly #named = new Map<string, RecordedGroup>();
  readonly #tasks = new Map<number, RecordedTask>();
  /** Subtracted from times; it includes the downtime before another process resumed the pool. */
  #start = 0;
  #lastAt: number | undefined = undefined;

  readonly #allAtOnce: boolean;

  /**
   * @param allAtOnce whether items of open sources also arrive with their group.
   */
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
    // Skips the time in which no process was running, and clocks that were set back.
    if (event.type === 'pool.recovered' || passed < 0) this.#start += passed;
    this.#lastAt = event.at;
    this.#apply(event, event.at - this.#start);
  }

  /** When the last event was recorded: milliseconds since the pool was created. */
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
        // A limit added by a later process did not exist before.
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

  /** The journal of a durable pool records when a submission arrived, not only when it became a task. */
  #submit({ group: name, calls }: PoolEventOf<'group.submitted'>, at: number): void {
    const submitted = this.#named.get(name)?.submitted;
    for (const { index, args } of calls) {
      // A new call has arguments, a change of a waiting one has none.
      if (args !== undefined) submitted?.set(index, at);
    }
  }

  #queue(event: PoolEventOf<'task.queued'>, at: number): void {
    const { id, index, group: name, priority, keys = {} } = event;
    const group = this.#named.get(name);
    if (group === undefined) return;
    const submittedAt = group.submitted.get(index);
    group.submitted.delete(index);
    // An open source yields its first item when that arrives.
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

  /** It was due earlier, but timers are late on a busy machine. */
  #requeue(task: RecordedTask, at: number): void {
    const last = task.attempts.at(-1);
    if (last !== undefined && task.failedAt !== undefined) last.retryAfter = at - task.failedAt;
  }

  #end(task: RecordedTask, event: PoolEventOf<'task.ended'>, at: number): void {
    this.#tasks.delete(event.id);
    if (task.startedAt === undefined) return;
    task.endedAt = at;
    const last = task.attempts.at(-1);
    // It was cancelled between two attempts, so there is no other attempt.
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
