/** A pool under a simulated clock that is given the recorded work. */

import {
  LimitNotFound,
  type LimitNumbers,
  type LimitOptions,
  type TaskGroup,
  TaskPool,
} from '../index.ts';
import { SimulatedClock } from '../testing/simulated-clock.ts';
import type { Times } from './figures.ts';
import type { RecordedChange, RecordedGroup, RecordedTask, Recording } from './recording.ts';
import type { SimulateOptions } from './simulate-options.ts';

const SILENT = { info() {}, error() {} };

/** What a task fails with that failed. */
class RecordedFailure extends Error {
  /** Undefined if no other attempt follows. */
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

  /** @throws LimitNotFound */
  constructor(recording: Recording, options: SimulateOptions) {
    const { poolSize = recording.poolSize ?? Number.POSITIVE_INFINITY } = options;
    this.#recording = recording;
    this.#options = options;
    this.#pool = new TaskPool({
      poolSize,
      clock: this.#clock,
      limits: this.#limits(),
      retain: 'none',
      journal: { size: 1 },
      logger: SILENT,
      asyncContext: false,
    });
  }

  /** Resolves with when each task came, started and ended. */
  async run(): Promise<readonly Times[]> {
    const { groups, changes } = this.#recording;
    const work = groups.map((group) => this.#begin(group));
    for (const change of changes) {
      this.#clock.setTimeout(() => this.#change(change), change.at);
    }
    await this.#clock.until(Promise.all(work));
    await this.#clock.until(this.#pool.gatherAndClose({ returnExceptions: true }));
    return this.#times;
  }

  async #begin(group: RecordedGroup): Promise<void> {
    const tasks = group.tasks.filter(({ endedAt }) => endedAt !== undefined);
    if (tasks.length === 0) return;
    if (group.method === 'submit') {
      await Promise.all(tasks.map((task) => this.#submit(task)));
      return;
    }
    await this.#clock.sleep(group.arrivedAt);
    const { priority, lookahead } = group;
    const made = this.#pool.map(this.#perform, group.isWhole ? tasks : this.#arriving(tasks), {
      numConcurrent: this.#options.numConcurrent ?? group.numConcurrent ?? Number.POSITIVE_INFINITY,
      priority,
      limits: this.#keysOf(group),
      retry: RETRY,
      ...(lookahead === undefined ? {} : { lookahead }),
    });
    this.#groups.set(group, made);
    await made.settled();
  }

  async #submit(task: RecordedTask): Promise<void> {
    await this.#clock.sleep(task.arrivedAt);
    const { priority = task.group.priority, keys } = task;
    const options = { priority, limits: keys, retry: RETRY };
    await this.#pool.submit(this.#perform, [task], options).catch(() => {});
  }

  async *#arriving(tasks: readonly RecordedTask[]): AsyncGenerator<RecordedTask> {
    for (const task of tasks) {
      await this.#clock.sleep(Math.max(0, task.arrivedAt - this.#clock.now()));
      yield task;
    }
  }

  /** Takes as long as the task took, attempt by attempt. */
  readonly #perform = async (task: RecordedTask, { attempt }: { readonly attempt: number }) => {
    const startedAt = this.#clock.now();
    const { ran, retryAfter } = task.attempts[attempt - 1]!;
    if (attempt === 1) this.#started.set(task, startedAt);
    await this.#clock.sleep(ran);
    if (retryAfter !== undefined) throw new RecordedFailure(retryAfter);
    this.#times.push({
      group: task.group.name,
      arrivedAt: task.arrivedAt,
      startedAt: this.#started.get(task) ?? startedAt,
      endedAt: this.#clock.now(),
      ran: task.attempts.reduce((sum, each) => sum + each.ran, 0),
    });
  };

  readonly #started = new WeakMap<RecordedTask, number>();

  #change({ event, group }: RecordedChange): void {
    const pool = this.#pool;
    const made = group && this.#groups.get(group);
    if (event.type === 'pool.paused') pool.pause();
    else if (event.type === 'pool.resumed') pool.resume();
    else if (event.type === 'group.paused') made?.pause();
    else if (event.type === 'group.resumed') made?.resume();
    else if (event.type === 'group.prioritised') {
      if (made !== undefined) made.priority = event.priority;
    } else if (event.type === 'pool.resized') {
      if (this.#options.poolSize === undefined) pool.poolSize = event.poolSize ?? Infinity;
    } else if (event.type === 'group.resized') {
      if (this.#options.numConcurrent !== undefined || made === undefined) return;
      made.numConcurrent = event.numConcurrent ?? Number.POSITIVE_INFINITY;
    } else if (event.type === 'limit.paused') {
      pool.limits[event.limit]?.pause(event.key, event.until - event.at);
    } else if (this.#options.limits?.[event.limit] === undefined) {
      const limit = pool.limits[event.limit];
      if (limit === undefined) return;
      const { concurrent = Number.POSITIVE_INFINITY, rate } = limitOptions(event);
      limit.concurrent = concurrent;
      limit.rate = rate;
    }
  }

  #limits(): Record<string, LimitOptions> {
    const names = Object.keys(this.#recording.limits);
    for (const name of Object.keys(this.#options.limits ?? {})) {
      if (names.includes(name)) continue;
      const known = names.length === 0 ? 'none' : names.join(', ');
      throw new LimitNotFound(
        `expected a limit of the recorded pool, got '${name}': it has ${known}`,
      );
    }
    const recorded = Object.entries(this.#recording.limits).map(([name, numbers]) => [
      name,
      limitOptions(numbers),
    ]);
    return { ...Object.fromEntries(recorded), ...this.#options.limits };
  }

  /** The keys of each task, as they were recorded. */
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
