/** Checks the rules of a pool at every event against everything recorded before, with naive code. */

import type { LimitKey, LimitNumbers, PoolEvent } from 'xstate-taskpool';
import { Turns } from '../turns.ts';
import { type GroupFact, isLive, type LimitFact, priorityOf, type TaskFact } from './facts.ts';
import { Starts } from './starts.ts';
import { checkEnd, checkFailed, checkTimedOut, type Terms } from './terms.ts';

const toNumber = (limit: number | null) => limit ?? Number.POSITIVE_INFINITY;

/** The request of a task, and when it was made; `aging` of its pool. */
export interface Asked {
  readonly aging: number | undefined;
  of(group: GroupFact, index: number): { readonly terms: Terms; readonly since: number };
  /** The `retryAfter` of its last error, in milliseconds. */
  retryAfter(task: TaskFact): number | undefined;
}

export class Referee {
  readonly problems: string[] = [];
  readonly tasks: TaskFact[] = [];
  /** The groups that are known by their names. */
  readonly groups = new Map<string, GroupFact>();
  readonly limits = new Map<string, LimitFact>();
  poolSize = 0;
  isPaused = false;
  /** Whether everything that could happen has happened. */
  isQuiet = false;
  /** How many events were checked. */
  numEvents = 0;
  readonly #starts = new Starts();
  readonly #turns = new Turns();
  readonly #asked: Asked;
  readonly #now: () => number;
  /** Called with each task when it is created and when it has ended. */
  readonly #onTask: (task: TaskFact) => void;
  #seq = -1;

  constructor(now: () => number, asked: Asked, onTask: (task: TaskFact) => void) {
    this.#now = now;
    this.#asked = asked;
    this.#onTask = onTask;
  }

  see(event: PoolEvent): void {
    // Events that were already seen before the recovery are skipped.
    if (event.seq <= this.#seq) return;
    if (event.seq !== this.#seq + 1) this.report(`event ${event.seq} came after ${this.#seq}`);
    this.#seq = event.seq;
    this.numEvents++;
    if (event.type.startsWith('task.')) this.#seeTask(event);
    else if (event.type.startsWith('group.')) this.#seeGroup(event);
    else this.#seePool(event);
  }

  /** All tasks that could start now, or slightly earlier, since timers with the same time run one after the other. */
  startable(now = this.#now()): TaskFact[] {
    if (this.isPaused || this.slots() >= this.poolSize) return [];
    return this.tasks.filter((task) => task.state === 'queued' && this.mayStart(task, now));
  }

  mayStart(task: TaskFact, now = this.#now()): boolean {
    return (
      this.admits(task.group) &&
      Object.keys(task.keys).every((name) => this.#isOpen(name, task, now))
    );
  }

  admits(group: GroupFact): boolean {
    const running = this.tasks.filter((task) => task.group === group && task.holdsSlot);
    return !group.isPaused && running.length < group.numConcurrent;
  }

  slots(): number {
    return this.tasks.filter(({ holdsSlot }) => holdsSlot).length;
  }

  in(group: GroupFact, ...states: TaskFact['state'][]): TaskFact[] {
    return this.tasks.filter((task) => task.group === group && states.includes(task.state));
  }

  report(problem: string): void {
    this.problems.push(problem);
  }

  #seePool(event: PoolEvent): void {
    if (event.type === 'pool.created' || event.type === 'pool.resized') {
      this.poolSize = toNumber(event.poolSize);
    }
    if (event.type === 'pool.created') {
      for (const [name, numbers] of Object.entries(event.limits ?? {}))
        this.#setLimit(name, numbers);
    } else if (event.type === 'pool.paused') this.isPaused = true;
    else if (event.type === 'pool.resumed') this.isPaused = false;
    else if (event.type === 'pool.recovered') this.#turns.recovered();
    else if (event.type === 'limit.changed') {
      this.#setLimit(event.limit, event);
    } else if (event.type === 'limit.paused') {
      this.limits.get(event.limit)?.pausedUntil.set(event.key, event.until);
    }
  }

  #setLimit(name: string, { concurrent, rate }: LimitNumbers): void {
    const before = this.limits.get(name);
    const pausedUntil = before?.pausedUntil ?? new Map();
    if (before !== undefined) this.#starts.changed(name, before.rate, this.#now());
    this.limits.set(name, {
      concurrent: toNumber(concurrent),
      rate: rate ?? undefined,
      pausedUntil,
    });
  }

  #seeGroup(event: PoolEvent): void {
    if (event.type === 'group.created') {
      if (this.groups.get(event.group)?.source === 'open')
        this.report(`a second group '${event.group}'`);
      this.groups.set(event.group, {
        name: event.group,
        isSubmitted: event.method === 'submit',
        onError: event.onError,
        numConcurrent: toNumber(event.numConcurrent),
        priority: event.priority ?? 0,
        isPaused: false,
        source: 'open',
        submitted: 0,
        released: 0,
        created: 0,
        hasFailed: false,
      });
      return;
    }
    const group = this.groups.get((event as { readonly group: string }).group);
    if (group === undefined) {
      this.report(`${event.type} of a group that is not known`);
      return;
    }
    if (event.type === 'group.resized') group.numConcurrent = toNumber(event.numConcurrent);
    else if (event.type === 'group.prioritised') group.priority = event.priority;
    else if (event.type === 'group.paused') group.isPaused = true;
    else if (event.type === 'group.resumed') group.isPaused = false;
    else if (event.type === 'group.exhausted') group.source = 'exhausted';
    else if (event.type === 'group.failed') group.source = 'failed';
    else if (event.type === 'group.cancelled') {
      group.source = 'cancelled';
      this.groups.delete(group.name);
    }
  }

  #seeTask(event: PoolEvent): void {
    if (event.type === 'task.queued') {
      this.#create(event);
      return;
    }
    const task = this.tasks[(event as { readonly id: number }).id];
    if (task === undefined) {
      this.report(`${event.type} of a task that is not known`);
      return;
    }
    switch (event.type) {
      case 'task.started':
        this.#start(task);
        break;
      case 'task.cancelling':
        task.isCancelled = true;
        task.state = 'unwinding';
        break;
      case 'task.timedOut':
        this.#reportAll(checkTimedOut(task, event, this.#now()));
        task.timedOut = event.which;
        if (task.state === 'running') task.state = 'unwinding';
        break;
      case 'task.placed':
        if (task.state !== 'running' && task.state !== 'unwinding')
          this.report(`task ${task.id} was placed while it was ${task.state}`);
        if (task.placedAttempt === task.attempt) this.report(`task ${task.id} was placed twice`);
        task.placedAttempt = task.attempt;
        break;
      case 'task.failed':
        this.#reportAll(checkFailed(task, event, this.#now(), this.#asked.retryAfter(task)));
        task.timedOut = undefined;
        task.failures++;
        task.retryAt = event.retryAt;
        this.#leave(task, 'delayed');
        break;
      case 'task.requeued':
        if (this.#now() < task.retryAt) this.report(`task ${task.id} is queued again too soon`);
        task.attempt++;
        this.#leave(task, 'queued');
        this.#turns.waits(task);
        break;
      case 'task.interrupted':
        if (task.state === 'queued' && event.unstarted !== true)
          this.report(`task ${task.id} was queued, and nothing says that it may have run`);
        if (event.unstarted !== true) task.attempt++;
        this.#leave(task, 'queued');
        this.#turns.waits(task);
        break;
      case 'task.cancelled':
        task.state = 'cancelled';
        break;
      case 'task.prioritised':
        task.priority = event.priority;
        break;
      case 'task.ended':
        if (task.state === 'ended') this.report(`task ${task.id} has ended twice`);
        this.#reportAll(checkEnd(task, event, this.#now(), this.#asked.retryAfter(task)));
        task.outcome = event.outcome;
        this.#leave(task, 'ended');
        if (event.outcome === 'rejected') task.group.hasFailed = true;
        this.#onTask(task);
        break;
      default:
    }
  }

  #create(event: Extract<PoolEvent, { readonly type: 'task.queued' }>): void {
    const { id, index, keys = {}, priority } = event;
    const group = this.groups.get(event.group);
    if (group === undefined || id !== this.tasks.length) {
      this.report(`task ${id} of '${event.group}' was not to be made`);
      return;
    }
    if (group.source !== 'open') this.report(`task ${id} was made of a source that is not open`);
    if (group.hasFailed && group.onError !== undefined) {
      this.report(`task ${id} was made though one of its group had failed`);
    }
    group.created++;
    const made: TaskFact = {
      id,
      group,
      index,
      keys,
      priority,
      state: 'queued',
      holdsSlot: false,
      isCancelled: false,
      attempt: 1,
      ...this.#asked.of(group, index),
      hasStarted: false,
      startedAt: 0,
      failures: 0,
      retryAt: 0,
      timedOut: undefined,
      placedAttempt: 0,
      outcome: undefined,
    };
    this.tasks.push(made);
    this.#turns.waits(made);
    this.#onTask(made);
  }

  #start(task: TaskFact): void {
    const now = this.#now();
    const what = `task ${task.id} started`;
    if (task.state !== 'queued') this.report(`${what} while it was ${task.state}`);
    if (this.isPaused) this.report(`${what} in a pool that is paused`);
    if (this.slots() >= this.poolSize) this.report(`${what} beyond the size of the pool`);
    if (!this.mayStart(task)) this.report(`${what} beyond a limit of its group or its keys`);
    if (task.group.hasFailed && task.group.onError === 'cancel') {
      this.report(`${what} though one of its group had failed`);
    }
    this.#checkOrder(task, now);
    task.state = 'running';
    task.holdsSlot = true;
    task.hasStarted = true;
    task.startedAt = now;
    this.#starts.add(now, task.keys);
  }

  /** No more important task could have started, nor an equal one of the group that was next in line. */
  #checkOrder(task: TaskFact, now: number): void {
    const others = this.startable(now - 0.999).filter((other) => other !== task);
    const equals = others.filter((other) => this.#scoreOf(other) === this.#scoreOf(task));
    this.#reportAll(this.#turns.starts(task, equals));
    for (const other of others) {
      if (this.#scoreOf(other) > this.#scoreOf(task)) {
        this.report(`task ${task.id} started before ${other.id}, which is more important`);
      }
      const isSame =
        other.group === task.group &&
        this.#scoreOf(other) === this.#scoreOf(task) &&
        JSON.stringify(other.keys) === JSON.stringify(task.keys);
      if (isSame && other.id < task.id) {
        this.report(`task ${task.id} started before ${other.id} of its group`);
      }
    }
  }

  /** All tasks age alike: those that began to wait later have a lower score. */
  #scoreOf(task: TaskFact): number {
    const { aging } = this.#asked;
    return priorityOf(task) - (aging === undefined ? 0 : task.since / aging);
  }

  #reportAll(problems: Iterable<string>): void {
    for (const problem of problems) this.report(problem);
  }

  #leave(task: TaskFact, state: TaskFact['state']): void {
    task.state = state;
    task.holdsSlot = false;
  }

  #isOpen(name: string, { keys }: TaskFact, now: number): boolean {
    const { concurrent, rate, pausedUntil } = this.limits.get(name) as LimitFact;
    const key = keys[name] as LimitKey;
    if (now < (pausedUntil.get(key) ?? 0)) return false;
    const running = this.tasks.filter((task) => task.holdsSlot && task.keys[name] === key);
    if (running.length >= concurrent) return false;
    return rate === undefined || this.#starts.allow(name, key, rate, now);
  }

  /** Whether a group is done. */
  isDone(group: GroupFact): boolean {
    return (
      group.source !== 'open' && this.tasks.every((task) => task.group !== group || !isLive(task))
    );
  }
}
