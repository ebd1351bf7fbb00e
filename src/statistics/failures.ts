/** Counts failures by the name of the error. */

import type { PoolEventOf } from '../events/events.ts';
import { shortened } from '../kit/shortened.ts';
import { OTHERS } from './others.ts';

/** The task of a failure. */
export interface FailedPlace {
  /** The id of the task in its pool. */
  readonly id: number;
  /** The name of its group. */
  readonly group: string;
  /** The index of the task in its group, from 0. */
  readonly index: number;
}

/** The failures with errors of one name. */
export interface FailureCount {
  /** The name of the error. */
  readonly name: string;
  /** The number of tasks rejected with it. */
  readonly rejected: number;
  /** The number of attempts that failed with it and were retried. */
  readonly retried: number;
  /** When it first occurred: milliseconds since the epoch. */
  readonly firstAt: number;
  /** When it last occurred: milliseconds since the epoch. */
  readonly lastAt: number;
  /** The `seq` of the first failure; `null` where pools were merged, and in data of earlier versions. */
  readonly firstSeq: number | null;
  /** The `seq` of the last failure; `null` where pools were merged, and in data of earlier versions. */
  readonly lastSeq: number | null;
  /** The message of the latest one, shortened to 200 characters. */
  readonly message: string;
  /** The latest tasks that failed with it, at most ten, the newest last. */
  readonly tasks: readonly FailedPlace[];
}

/** The number of tasks remembered per name. */
const TASKS = 10;
const MESSAGE = 200;

type Count = { -readonly [K in keyof FailureCount]: FailureCount[K] } & { tasks: FailedPlace[] };

export class Failures {
  readonly #limit: number;
  readonly #counts = new Map<string, Count>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  count(event: PoolEventOf<'task.failed' | 'task.ended'>, task: FailedPlace): void {
    const { error, at, seq } = event;
    const count = this.#open(error?.name ?? 'Error', at, seq);
    if (event.type === 'task.ended') count.rejected++;
    else count.retried++;
    count.lastAt = at;
    count.lastSeq = seq;
    count.message = shortened(error?.message ?? '', MESSAGE);
    count.tasks.push(task);
    if (count.tasks.length > TASKS) count.tasks.shift();
  }

  merge(other: Failures): void {
    for (const {
      name,
      rejected,
      retried,
      firstAt,
      lastAt,
      message,
      tasks,
    } of other.#counts.values()) {
      const own = this.#open(name, firstAt, null);
      own.firstSeq = null;
      own.lastSeq = null;
      own.rejected += rejected;
      own.retried += retried;
      own.firstAt = Math.min(own.firstAt, firstAt);
      if (lastAt >= own.lastAt) Object.assign(own, { lastAt, message });
      own.tasks = [...own.tasks, ...tasks].slice(-TASKS);
    }
  }

  toJSON(): readonly FailureCount[] {
    return Array.from(this.#counts.values(), (count) => ({ ...count, tasks: [...count.tasks] }));
  }

  static fromJSON(limit: number, counts: readonly FailureCount[]): Failures {
    const failures = new Failures(limit);
    for (const count of counts) {
      const { firstSeq = null, lastSeq = null, tasks } = count;
      failures.#counts.set(count.name, { ...count, firstSeq, lastSeq, tasks: [...tasks] });
    }
    return failures;
  }

  #open(name: string, at: number, seq: number | null): Count {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    const isOther = this.#counts.size >= this.#limit;
    const other = isOther ? this.#counts.get(OTHERS) : undefined;
    if (other !== undefined) return other;
    const count = {
      name: isOther ? OTHERS : name,
      rejected: 0,
      retried: 0,
      firstAt: at,
      lastAt: at,
      firstSeq: seq,
      lastSeq: seq,
      message: '',
      tasks: [],
    };
    this.#counts.set(count.name, count);
    return count;
  }
}
