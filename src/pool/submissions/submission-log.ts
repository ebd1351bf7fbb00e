/** Stores waiting submissions in the journal of a durable pool. */

import type { Json, LimitKey, SubmittedCall } from '../../events/events.ts';
import type { GroupRecord } from '../../machines/records.ts';
import type { Stored } from '../../machines/stored.ts';
import type { AnyFunction } from '../functions/task-types.ts';

/** A call of `submit` in the form in which it is stored. */
export interface StoredSubmission {
  /** The name that its function is registered by. */
  readonly functionName: string;
  readonly args: readonly Json[];
  /** When it was called: milliseconds since the epoch. */
  readonly at: number;
  /** What else there is to say of it: nothing of most. */
  readonly options: Partial<SubmittedCall>;
}

/** A submission, as far as it is stored. */
export interface LoggedSubmission {
  readonly group: GroupRecord;
  readonly index: number;
  readonly priority: number | undefined;
  readonly keys: Readonly<Record<string, LimitKey>> | undefined;
  /** The key of which there is one submission at a time. */
  readonly key: string | undefined;
  readonly isHeld: boolean;
  readonly releasedAt: number | undefined;
  /** When it was called, by the monotonic clock, where that matters. */
  readonly waitingSince: number | undefined;
}

/** One whose function runs. */
export interface RunningSubmission {
  interrupt: ((error: unknown) => void) | undefined;
}

/** Stores calls that wait, in few events: those of one turn together, and before a task is made of one. */
export interface SubmissionLog {
  /**
   * What is stored of a call.
   *
   * @throws NotStorable
   */
  toStore(
    fn: AnyFunction,
    args: readonly unknown[],
    options: { readonly passContext?: boolean },
  ): StoredSubmission;
  /** What a new group keeps of its calls. */
  storedCalls(): Stored;
  /** A submission waits. */
  submitted(submission: LoggedSubmission, stored: StoredSubmission): void;
  /** One that waits has got another priority, or another place. */
  changed(submission: LoggedSubmission): void;
  /** One that waited will never be a task. */
  withdrawn(submission: LoggedSubmission): void;
  /** The outcome of one that runs, unless it is interrupted: the pool is suspended, and its function ignores that. */
  untilSuspended(submission: RunningSubmission, outcome: Promise<unknown>): Promise<unknown>;
  /** Records what there is to record of one that is to become a task; returns whether there was something. */
  store(submission: LoggedSubmission): boolean;
  /** Records all that there is to record, at once. */
  flush(): void;
  /** Resolves when all that there is to record is recorded; undefined if it is. */
  recorded(): Promise<void> | undefined;
}
