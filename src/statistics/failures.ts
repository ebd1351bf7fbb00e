/** What was thrown, by the name of the error. */

import type { ErrorData } from '../events/events.ts';
import { shortened } from '../kit/shortened.ts';

/** A task that an error is of. */
export interface FailedPlace {
  readonly id: number;
  readonly group: string;
  readonly index: number;
}

/** Failures with an error of one name. */
export interface FailureCount {
  /** The name of the error. */
  readonly name: string;
  /** Tasks that were rejected with it. */
  readonly rejected: number;
  /** Attempts that failed with it and were followed by another one. */
  readonly retried: number;
  /** When it was first and last: milliseconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The message of the last one, shortened. */
  readonly message: string;
  /** The last tasks that failed with it, the youngest last. */
  readonly tasks: readonly FailedPlace[];
}

/** How many tasks of each are remembered. */
const TASKS = 10;
/** What is counted once there are too many names. */
const OTHERS = '(others)';
const MESSAGE = 200;

type Count = { -readonly [K in keyof FailureCount]: FailureCount[K] } & { tasks: FailedPlace[] };

export class Failures {
  readonly #limit: number;
  readonly #counts = new Map<string, Count>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  count(error: ErrorData | undefined, at: number, task: FailedPlace, isFinal: boolean): void {
    const count = this.#open(error?.name ?? 'Error', at);
    if (isFinal) count.rejected++;
    else count.retried++;
    count.lastAt = at;
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
      const own = this.#open(name, firstAt);
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
      failures.#counts.set(count.name, { ...count, tasks: [...count.tasks] });
    }
    return failures;
  }

  #open(name: string, at: number): Count {
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
      message: '',
      tasks: [],
    };
    this.#counts.set(count.name, count);
    return count;
  }
}
