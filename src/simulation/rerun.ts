/** Runs the recorded work on a pool with a simulated clock. */

import {
  LimitNotFound,
  type LimitNumbers,
  type LimitOptions,
  type TaskGroup,
  TaskPool,
} from '../index.ts';
import { quoted } from '../kit/printed.ts';
import { SimulatedClock } from '../testing/simulated-clock.ts';
import type { Times } from './figures.ts';
import type { RecordedChange, RecordedGroup, RecordedTask, Recording } from './recording.ts';
import type { SimulateOptions } from './simulate-options.ts';

/** The maximum number of items of an open source fetched in advance. */
const PREFETCH = 1_000;
/** Milliseconds by which an item arrives before it is pulled for a free slot. */
const BEFORE = 1e-3;

const SILENT = { info() {}, error() {} };

/** The error of tasks that failed. */
class RecordedFailure extends Error {
  /** Undefined if no retry follows. */
  readonly after: number | undefined;

  constructor(after: number | undefined) {
    super('as recorded');
    this.after = after;
  }
}

export class Rerun {
  readonly #clock = new SimulatedClock();
  readonly #recording: Recording;
  readonly #options: SimulateOptions;
  readonly #pool: TaskPool<Record<string, LimitOptions>>;
  readonly #groups = new Map<RecordedGroup, TaskGroup<unknown>>();
  readonly #times: Times[] = [];
  readonly #started = new WeakMap<RecordedTask, number>();
  /** The recorded tasks of each group of this pool, by index. */
  readonly #recorded = new Map<string, readonly RecordedTask[]>();
  /** The ids, in this pool, of the tasks that have not ended. */
  readonly #ids = new Map<RecordedTask, number | string>();
  /** The changed priorities of tasks. */
  readonly #priorities = new Map<RecordedTask, number>();

  /** @throws LimitNotFound */
  constructor(recording: Recording, options: SimulateOptions) {
    const { poolSize = recording.poolSize ?? Number.POSITIVE_INFINITY } = options;
    this.#recording = recording;
    this.#options = options;
    this.#pool = new TaskPool({
      poolSize,
      clock: this.#clock,
      limits: this.#limits(),
      ...(options.aging === undefined ? {} : { aging: options.aging }),
      retain: 'none',
      journal: { size: 1 },
      logger: SILENT,
      asyncContext: false,
    });
  }

  /** Resolves with the arrival, start and end of each task. */
  async run(): Promise<readonly Times[]> {
    const { groups, changes, endsAt } = this.#recording;
    if (changes.some(({ task }) => task !== undefined)) this.#followIds();
    const work = groups.map((group, place) => this.#begin(group, String(place)));
    for (const change of changes) {
      this.#clock.setTimeout(() => this.#change(change), change.at);
    }
    this.#clock.setTimeout(() => this.#release(), endsAt);
    await this.#clock.until(Promise.all(work));
    await this.#clock.until(this.#pool.gatherAndClose({ returnExceptions: true }));
    return this.#times;
  }

  /**
   * @param groupName a unique name: several recorded groups may have the same name.
   */
  async #begin(group: RecordedGroup, groupName: string): Promise<void> {
    const tasks = group.tasks.filter(({ endedAt }) => endedAt !== undefined);
    if (tasks.length === 0) return;
    this.#recorded.set(groupName, tasks);
    if (group.method === 'submit') {
      await Promise.all(tasks.map((task, place) => this.#submit(task, groupName, place)));
      return;
    }
    await this.#clock.sleep(group.arrivedAt);
    const { priority, lookahead } = group;
    const made = this.#pool.map(this.#perform, group.isWhole ? tasks : this.#arriving(tasks), {
      groupName,
      numConcurrent: this.#options.numConcurrent ?? group.numConcurrent ?? Number.POSITIVE_INFINITY,
      priority,
      limits: this.#keysOf(group),
      retry: RETRY,
      prefetch: PREFETCH,
      ...(lookahead === undefined ? {} : { lookahead }),
    });
    this.#groups.set(group, made);
    await made.settled();
  }

  async #submit(task: RecordedTask, groupName: string, place: number): Promise<void> {
    await this.#clock.sleep(task.arrivedAt);
    const { priority, keys } = task;
    const unique = `${groupName}/${place}`;
    this.#ids.set(task, unique);
    const options = { groupName, unique, limits: keys, retry: RETRY };
    const submitted = this.#pool.submit(this.#perform, [task], {
      ...options,
      ...(priority === undefined ? {} : { priority }),
    });
    if (!this.#groups.has(task.group)) this.#groups.set(task.group, this.#pool.group(groupName));
    await submitted.catch(() => {});
  }

  async *#arriving(tasks: readonly RecordedTask[]): AsyncGenerator<RecordedTask> {
    for (const task of tasks) {
      const early = task.arrivedAt - BEFORE;
      if (early > this.#clock.now()) await this.#clock.sleep(early - this.#clock.now());
      yield task;
    }
  }

  /** Tracks the ids of tasks whose priority was changed. */
  #followIds(): void {
    this.#pool.on('task.queued', ({ id, group, index }) => {
      const task = this.#recorded.get(group)?.[index];
      if (task === undefined || task.group.method === 'submit') return;
      this.#ids.set(task, id);
      const priority = this.#priorities.get(task);
      if (priority !== undefined) this.#pool.setPriority(id, priority);
    });
  }

  /** Takes as long as the task took, attempt by attempt. */
  readonly #perform = async (task: RecordedTask, { attempt }: { readonly attempt: number }) => {
    const startedAt = this.#clock.now();
    const { ran, retryAfter } = task.attempts[attempt - 1]!;
    if (attempt === 1) this.#started.set(task, startedAt);
    await this.#clock.sleep(ran);
    if (retryAfter !== undefined) throw new RecordedFailure(retryAfter);
    this.#ids.delete(task);
    this.#times.push({
      group: task.group.name,
      arrivedAt: task.arrivedAt,
      startedAt: this.#started.get(task) ?? startedAt,
      endedAt: this.#clock.now(),
      ran: task.attempts.reduce((sum, each) => sum + each.ran, 0),
    });
  };

  #change({ event, group, task }: RecordedChange): void {
    const pool = this.#pool;
    const made = group && this.#groups.get(group);
    if (event.type === 'pool.paused') pool.pause();
    else if (event.type === 'pool.resumed') pool.resume();
    else if (event.type === 'group.paused') made?.pause();
    else if (event.type === 'group.resumed') made?.resume();
    else if (event.type === 'group.prioritised') {
      if (made !== undefined) made.priority = event.priority;
    } else if (event.type === 'task.prioritised') {
      if (task !== undefined) this.#prioritise(task, event.priority);
    } else if (event.type === 'pool.resized') {
      if (this.#options.poolSize === undefined) pool.poolSize = event.poolSize ?? Infinity;
    } else if (event.type === 'group.resized') {
      if (this.#options.numConcurrent !== undefined || made === undefined) return;
      made.numConcurrent = event.numConcurrent ?? Number.POSITIVE_INFINITY;
    } else if (event.type === 'limit.paused') {
      pool.limits[event.limit]?.pause(event.key, event.until - event.at);
    } else this.#changeLimit(event.limit, limitOptions(event));
  }

  #prioritise(task: RecordedTask, priority: number): void {
    this.#priorities.set(task, priority);
    const id = this.#ids.get(task);
    if (id !== undefined) this.#pool.setPriority(id, priority);
  }

  #changeLimit(name: string, { concurrent = Number.POSITIVE_INFINITY, rate }: LimitOptions): void {
    const limit = this.#pool.limits[name];
    if (limit === undefined || this.#options.limits?.[name] !== undefined) return;
    limit.concurrent = concurrent;
    limit.rate = rate;
  }

  /**
   * Lifts everything that was still held back at the end of the recording: tasks that ended by then may be late here,
   * and would never run.
   */
  #release(): void {
    const pool = this.#pool;
    pool.resume();
    for (const group of this.#groups.values()) group.resume();
    if (pool.poolSize === 0) pool.poolSize = 1;
    for (const limit of Object.values(pool.limits)) {
      if (limit.concurrent === 0) limit.concurrent = 1;
    }
  }

  #limits(): Record<string, LimitOptions> {
    const names = Object.keys(this.#recording.limits);
    for (const name of Object.keys(this.#options.limits ?? {})) {
      if (names.includes(name)) continue;
      const known = names.length === 0 ? 'none' : names.join(', ');
      throw new LimitNotFound(
        `expected a limit of the recorded pool, got ${quoted(name)}: it has ${known}`,
      );
    }
    const recorded = Object.entries(this.#recording.limits).map(([name, numbers]) => [
      name,
      limitOptions(numbers),
    ]);
    return { ...Object.fromEntries(recorded), ...this.#options.limits };
  }

  /** The recorded keys of each task. */
  #keysOf(group: RecordedGroup) {
    const entries = Object.entries(group.limits).map(([name, key]) => [
      name,
      key ?? ((task: RecordedTask) => task.keys[name]),
    ]);
    return Object.fromEntries(entries);
  }
}

const RETRY = {
  limit: Number.POSITIVE_INFINITY,
  when: (error: unknown) => (error instanceof RecordedFailure && error.after) ?? false,
};

function limitOptions({ concurrent, rate }: LimitNumbers): LimitOptions {
  return { concurrent: concurrent ?? Number.POSITIVE_INFINITY, ...(rate && { rate }) };
}
