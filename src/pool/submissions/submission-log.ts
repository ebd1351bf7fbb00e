/** Stores waiting submissions in the journal of a durable pool. */

import type { Json, LimitKey, SubmittedCall } from '../../events/events.ts';
import type { GroupRecord } from '../../machines/records.ts';
import type { Stored } from '../../machines/stored.ts';
import type { AnyFunction } from '../functions/task-types.ts';

/** A call of `submit` as it is stored. */
export interface StoredSubmission {
  /** The name under which its function is registered. */
  readonly functionName: string;
  readonly args: readonly Json[];
  /** When it was called: milliseconds since the epoch. */
  readonly at: number;
  /** Its other fields; empty for most. */
  readonly options: Partial<SubmittedCall>;
}

/** The part of a submission that is stored. */
export interface LoggedSubmission {
  readonly group: GroupRecord;
  readonly index: number;
  readonly priority: number | undefined;
  readonly keys: Readonly<Record<string, LimitKey>> | undefined;
  /** Its option `unique`. */
  readonly key: string | undefined;
  readonly isHeld: boolean;
  readonly releasedAt: number | undefined;
  /** When it was called, by the monotonic clock, if it has a time limit or ages. */
  readonly waitingSince: number | undefined;
}

/** A submission whose function runs. */
export interface RunningSubmission {
  interrupt: ((error: unknown) => void) | undefined;
}

/** Stores waiting calls in few events: those of one turn together, or earlier if one becomes a task. */
export interface SubmissionLog {
  /**
   * The stored form of a call.
   *
   * @throws NotStorable
   */
  toStore(
    fn: AnyFunction,
    args: readonly unknown[],
    options: { readonly passContext?: boolean },
  ): StoredSubmission;
  /** The storage for the calls of a new group. */
  storedCalls(): Stored;
  /** A new submission waits. */
  submitted(submission: LoggedSubmission, stored: StoredSubmission): void;
  /** The priority or the place of a waiting submission has changed. */
  changed(submission: LoggedSubmission): void;
  /** A waiting submission will never be a task. */
  withdrawn(submission: LoggedSubmission): void;
  /** Follows the outcome of a running submission, until it is interrupted because the pool is suspended. */
  untilSuspended(submission: RunningSubmission, outcome: Promise<unknown>): Promise<unknown>;
  /** Records a submission that is about to become a task, if needed; returns whether it was. */
  store(submission: LoggedSubmission): boolean;
  /** Records everything that is pending, synchronously. */
  flush(): void;
  /** Resolves when everything pending is recorded; undefined if nothing is pending. */
  recorded(): Promise<void> | undefined;
}
