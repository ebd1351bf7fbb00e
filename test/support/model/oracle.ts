/**
 * A naive reading of a journal, with lists that are counted and filtered. The pool's own fold of the same events must
 * have the same result.
 */

import {
  type ErrorData,
  EVENT_VERSION,
  type EventHistory,
  type Outcome,
  type PoolEvent,
  type PoolEventOf,
  type PoolKind,
  type PoolStatus,
  type Retain,
  type SourceStatus,
  type TaskState,
} from 'xstate-taskpool';
import { type GroupFacts, isDone, isLive, pendingOf, slotsOf, type TaskFacts } from './facts.ts';

const toLimit = (limit: number | null) =>
  limit ?? Number.POSITIVE_INFINITY; /** What they say is there only for another process. */
const STORED: readonly string[] = ['group.supplied', 'group.submitted', 'group.withdrawn'];

export class Oracle {
  seq = -1;
  status: PoolStatus = 'open';
  isPaused = false;
  kind: PoolKind = 'TaskPool';
  retain: Retain = 'all';
  poolSize = Number.POSITIVE_INFINITY;
  readonly events: PoolEvent[] = [];
  /** By id. */
  readonly tasks: TaskFacts[] = [];
  /** How often a task started. */
  numStarted = 0;
  /** In the order of creation. */
  readonly groups: GroupFacts[] = [];
  /** The limits at the last start of each task. */
  readonly roomAtStart = new Map<TaskFacts, { poolSize: number; numConcurrent: number }>();
  /** The last `seq` after which nothing was left to do, callbacks apart. */
  idleAt = -1;
  /** By `seq`: how much was pending after it. */
  readonly pendingAt: number[] = [];
  readonly problems: string[] = [];
  readonly #journal: EventHistory;
  readonly #name: string;
  readonly #watch: (event: PoolEvent) => void;

  /** @param watch is called with each event once it is in the facts. */
  constructor(journal: EventHistory, name: string, watch: (event: PoolEvent) => void) {
    this.#journal = journal;
    this.#name = name;
    this.#watch = watch;
  }

  /** Reads the new events of the journal. */
  catchUp(): void {
    if (this.#journal.nextSeq === this.seq + 1) return;
    for (const event of this.#journal.events({ fromSeq: this.seq + 1 })) this.#see(event);
  }

  known(name: string): GroupFacts | undefined {
    return this.groups.find((group) => group.isKnown && group.name === name);
  }

  in(...states: TaskState[]): TaskFacts[] {
    return this.tasks.filter(({ state }) => states.includes(state));
  }

  get numPending(): number {
    return this.groups.reduce((sum, group) => sum + pendingOf(group), 0);
  }

  get isIdle(): boolean {
    return this.groups.every(isDone);
  }

  #see(event: PoolEvent): void {
    const { v, pool, seq, at } = event;
    if (
      v !== EVENT_VERSION ||
      pool !== this.#name ||
      seq !== this.seq + 1 ||
      !Number.isInteger(at)
    ) {
      this.problems.push(`event ${JSON.stringify(event)} came after seq ${this.seq}`);
    }
    this.seq = seq;
    this.events.push(event);
    const [subject] = event.type.split('.');
    if (subject === 'task') this.#seeTask(event);
    else if (subject === 'group') this.#seeGroup(event);
    else this.#seePool(event);
    if (this.isIdle) this.idleAt = seq;
    this.pendingAt[seq] = this.numPending;
    this.#watch(event);
  }

  #seeTask(event: PoolEvent): void {
    if (event.type === 'task.queued') this.#queue(event.id, event.index, event.group, event.at);
    const task = this.tasks[(event as { id: number }).id];
    if (task === undefined) {
      this.problems.push(`${event.type} of a task that does not exist`);
      return;
    }
    task.events.push(event);
    if (event.type === 'task.started') {
      task.state = 'running';
      task.startedAt = event.at;
      task.group.started.push(task);
      this.numStarted++;
      this.#checkRoom(task);
    } else if (event.type === 'task.placed') {
      task.placedBy = event.by;
      task.placedAt = event.at;
    } else if (event.type === 'task.progressed') {
      task.progress = event.progress;
    } else if (event.type === 'task.cancelling') {
      task.state = 'cancelling';
      if (event.reason !== undefined) task.reason = event.reason;
    } else if (event.type === 'task.timedOut') {
      task.timedOut = event.which;
      if (task.state === 'running') task.state = 'timedOut';
    } else if (event.type === 'task.failed') {
      if (event.attempt !== task.attempt) this.problems.push(`task ${task.id}: a wrong attempt`);
      task.state = 'delayed';
      task.failures = (task.failures ?? 0) + 1;
      task.lastError = event.error;
      task.retryAt = event.retryAt;
      delete task.startedAt;
    } else if (event.type === 'task.requeued') {
      task.state = 'queued';
      task.attempt++;
      if (task.placedBy !== undefined) task.placedBy = undefined;
      delete task.placedAt;
    } else if (event.type === 'task.cancelled') {
      task.state = 'cancelled';
    } else if (event.type === 'task.ended') {
      task.endedAt = event.at;
      this.#checkEnd(task, event);
      this.#end(task, event.outcome, event.error);
    } else if (event.type === 'task.interrupted') {
      task.state = 'queued';
      if (event.unstarted !== true) task.attempt++;
      if (task.placedBy !== undefined) task.placedBy = undefined;
      delete task.placedAt;
      if (event.unstarted !== true && event.suspended !== true)
        task.interruptions = (task.interruptions ?? 0) + 1;
      delete task.startedAt;
    }
  }

  /** Checks the fields of `task.ended` about the task. */
  #checkEnd({ id, group, attempt }: TaskFacts, event: PoolEventOf<'task.ended'>): void {
    if (event.group === group.name && event.attempt === attempt) return;
    this.problems.push(`task ${id} ended as attempt ${event.attempt} of '${event.group}'`);
  }

  /** After a shrink nothing may start until the surplus has drained. */
  #checkRoom(task: TaskFacts): void {
    const { id, group } = task;
    const slots = slotsOf(this);
    const { poolSize } = this;
    this.roomAtStart.set(task, { poolSize, numConcurrent: group.numConcurrent });
    if (this.isPaused) this.problems.push(`task ${id} started though the pool is paused`);
    if (slots > this.poolSize) this.problems.push(`task ${id} started as number ${slots}`);
    if (group.isPaused || slotsOf(group) > group.numConcurrent) {
      this.problems.push(`task ${id} started though '${group.name}' had no room`);
    }
  }

  #queue(id: number, index: number, name: string, queuedAt: number): void {
    const group = this.known(name);
    if (group === undefined || id !== this.tasks.length || index !== group.tasks.length) {
      this.problems.push(`task ${id} is queued as number ${index} of ${name}`);
    }
    if (group === undefined) return;
    if (group.source !== 'open') this.problems.push(`task ${id} is of ${name}, ${group.source}`);
    const task: TaskFacts = {
      id,
      group,
      index,
      events: [],
      attempt: 1,
      state: 'queued',
      isRemembered: true,
      queuedAt,
    };
    this.tasks.push(task);
    group.tasks.push(task);
  }

  #end(task: TaskFacts, outcome: Outcome, error: ErrorData | undefined): void {
    if (task.state === 'ended') this.problems.push(`task ${task.id} ended twice`);
    task.state = 'ended';
    task.outcome = outcome;
    if (error !== undefined) task.error = error;
    task.group.ended.push(task);
    const { retain } = this;
    if (retain === 'none' || (retain === 'errors' && outcome !== 'rejected')) this.#forget(task);
    else if (typeof retain === 'number') this.#forgetOldest(retain);
  }

  /** Keeps only the latest ended tasks. */
  #forgetOldest(kept: number): void {
    const seqOfEnd = ({ events }: TaskFacts) => events.at(-1)?.seq ?? this.seq + 1;
    const ended = this.tasks.filter((task) => task.isRemembered && !isLive(task));
    ended.sort((a, b) => seqOfEnd(a) - seqOfEnd(b));
    for (const task of ended.slice(0, Math.max(0, ended.length - kept))) this.#forget(task);
  }

  #forget(task: TaskFacts): void {
    task.isRemembered = false;
    this.#forgetGroups();
  }

  /** Unless everything is retained, a group is forgotten with its last task. */
  #forgetGroups(): void {
    if (this.retain === 'all') return;
    for (const group of this.groups) {
      if (group.source !== 'open' && !group.tasks.some((task) => task.isRemembered))
        group.isKnown = false;
    }
  }

  #seeGroup(event: PoolEvent): void {
    if (event.type === 'group.created') {
      this.#create(event);
      return;
    }
    const group = this.known((event as { group: string }).group);
    if (group === undefined) {
      this.problems.push(`${event.type} of '${(event as { group: string }).group}', not known`);
      return;
    }
    if (event.type === 'group.resized') group.numConcurrent = toLimit(event.numConcurrent);
    else if (event.type === 'group.paused') group.isPaused = true;
    else if (event.type === 'group.resumed') group.isPaused = false;
    else if (!STORED.includes(event.type)) {
      if (event.type === 'group.failed') {
        group.failure = event.error;
        group.failedAfter = group.ended.length;
      }
      this.#closeSource(group, event.type.slice('group.'.length) as SourceStatus);
    }
  }

  #create(event: Extract<PoolEvent, { type: 'group.created' }>): void {
    const { group: name, method, functionName, numConcurrent, planned } = event;
    if (this.known(name) !== undefined) this.problems.push(`a second group '${name}'`);
    if (this.status !== 'open') this.problems.push(`group '${name}' in a pool that is not open`);
    this.groups.push({
      name,
      method,
      functionName,
      planned,
      numConcurrent: toLimit(numConcurrent),
      source: 'open',
      failure: undefined,
      failedAfter: 0,
      isPaused: false,
      isKnown: true,
      tasks: [],
      started: [],
      ended: [],
    });
  }

  #closeSource(group: GroupFacts, status: SourceStatus): void {
    if (status !== 'cancelled' && group.source !== 'open') {
      this.problems.push(`the source of '${group.name}', ${group.source}, is now ${status}`);
    }
    group.source = status;
    if (status === 'cancelled') group.isKnown = false;
    this.#forgetGroups();
  }

  #seePool(event: PoolEvent): void {
    if (event.type === 'pool.created') {
      this.kind = event.kind;
      this.retain = event.retain;
      this.poolSize = toLimit(event.poolSize);
    } else if (event.type === 'pool.resized') this.poolSize = toLimit(event.poolSize);
    else if (event.type === 'pool.locked') this.status = 'locked';
    else if (event.type === 'pool.unlocked') this.status = 'open';
    else if (event.type === 'pool.paused') this.isPaused = true;
    else if (event.type === 'pool.resumed') this.isPaused = false;
    else if (event.type === 'pool.closing') this.status = 'closing';
    else if (event.type === 'pool.closed') {
      this.status = 'closed';
      this.#flush();
    } else if (event.type === 'pool.flushed') {
      const forgotten = this.in('ended').filter((task) => task.isRemembered).length;
      if (event.forgotten !== forgotten) this.problems.push(`flushed ${event.forgotten} tasks`);
      this.#flush();
    }
  }

  #flush(): void {
    for (const task of this.tasks) if (!isLive(task)) task.isRemembered = false;
    for (const group of this.groups) if (isDone(group)) group.isKnown = false;
  }
}
