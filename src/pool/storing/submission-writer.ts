/** Stores calls of `submit` that wait, by their indices in their group. */

import { Code, type EventCode } from '../../events/event-codes.ts';
import type { SubmittedCall } from '../../events/events.ts';
import { Fifo } from '../../kit/fifo.ts';
import { stepByStep } from '../../kit/jobs.ts';
import { jsonSize } from '../../kit/json-size.ts';
import type { GroupRecord } from '../../machines/records.ts';
import type { Stored } from '../../machines/stored.ts';
import { StoredCalls } from '../../machines/stored-calls.ts';
import { policyOf } from '../attempt/policy.ts';
import type { Recording } from '../door/persister.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { GroupOptions } from '../options/group-options.ts';
import type {
  LoggedSubmission,
  RunningSubmission,
  StoredSubmission,
  SubmissionLog,
} from '../submissions/submission-log.ts';
import type { Functions } from './functions.ts';
import { checkSize, storable } from './storable.ts';
import { needsOf, PIECE } from './storing.ts';

/** The part of a pool that storing submissions needs. */
interface Recorder {
  /** The time: milliseconds since the epoch. */
  readonly at: number;
  record(together: readonly Recording[]): void;
}

type ByGroup<T> = Map<GroupRecord, T[]>;

export class SubmissionWriter implements SubmissionLog {
  readonly #functions: Functions;
  readonly #recorder: Recorder;
  /** The submissions that are not stored yet. */
  readonly #submitted = new Map<LoggedSubmission, StoredSubmission>();
  /** The submissions that have changed since they were stored. */
  readonly #changed = new Set<LoggedSubmission>();
  /** Both in order; may include submissions with nothing left to record. */
  readonly #line = new Fifo<LoggedSubmission>();
  #withdrawn: ByGroup<number> = new Map();
  /** Defined while there may be something to record. */
  #recording: Promise<void> | undefined = undefined;

  constructor(functions: Functions, recorder: Recorder) {
    this.#functions = functions;
    this.#recorder = recorder;
  }

  toStore(fn: AnyFunction, given: readonly unknown[], options: GroupOptions): StoredSubmission {
    const functionName = this.#functions.nameOf(fn);
    const args = storable(given, 'args') as StoredSubmission['args'];
    checkSize(args, 'args');
    return { functionName, args, at: this.#recorder.at, options: this.#optionsOf(options) };
  }

  storedCalls(): Stored {
    return new StoredCalls();
  }

  submitted(submission: LoggedSubmission, stored: StoredSubmission): void {
    this.#submitted.set(submission, stored);
    this.#line.push(submission);
    this.#schedule();
  }

  changed(submission: LoggedSubmission): void {
    if (this.#submitted.has(submission) || this.#changed.has(submission)) return;
    this.#changed.add(submission);
    this.#line.push(submission);
    this.#schedule();
  }

  withdrawn(submission: LoggedSubmission): void {
    this.#changed.delete(submission);
    // A call that ended before it was stored need not be in the journal.
    if (this.#submitted.delete(submission)) return;
    listOf(this.#withdrawn, submission).push(submission.index);
    this.#schedule();
  }

  untilSuspended(submission: RunningSubmission, outcome: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      submission.interrupt = reject;
      void outcome.then(resolve, reject);
    });
  }

  store(submission: LoggedSubmission): boolean {
    const call = this.#callOf(submission);
    if (call === undefined) return false;
    if (this.#line.first === submission) this.#recordNext();
    else {
      this.#forget(submission);
      this.#recorder.record([recording(Code.groupSubmitted, submission.group, { calls: [call] })]);
    }
    return true;
  }

  flush(): void {
    while (this.#hasMore) this.#recordNext();
  }

  recorded(): Promise<void> | undefined {
    return this.#recording;
  }

  #schedule(): void {
    this.#recording ??= this.#recordSoon();
  }

  /** In steps, since there may be a million calls in one turn. */
  async #recordSoon(): Promise<void> {
    await undefined;
    await stepByStep(this.#steps());
  }

  *#steps(): Generator<undefined, void> {
    for (this.#recordNext(); this.#hasMore; this.#recordNext()) yield;
    this.#recording = undefined;
  }

  get #hasMore(): boolean {
    return this.#line.length > 0 || this.#withdrawn.size > 0;
  }

  /** Records as many calls as fit into an event, in order, and all withdrawn ones. */
  #recordNext(): void {
    const calls: ByGroup<SubmittedCall> = new Map();
    const withdrawn = this.#withdrawn;
    this.#withdrawn = new Map();
    let items = 0;
    let bytes = 0;
    for (let next = this.#line.first; next !== undefined; next = this.#line.first) {
      const call = this.#callOf(next);
      if (call !== undefined) {
        bytes += jsonSize(call);
        if (items === PIECE.items || (items > 0 && bytes > PIECE.bytes)) break;
        items++;
        listOf(calls, next).push(call);
        this.#forget(next);
      }
      this.#line.shift();
    }
    this.#recorder.record([
      ...[...calls].map(([group, calls]) => recording(Code.groupSubmitted, group, { calls })),
      ...[...withdrawn].flatMap(([group, all]) => withdrawals(group, all)),
    ]);
  }

  /** The form in which a call is to be recorded; undefined if there is nothing to record. */
  #callOf(submission: LoggedSubmission): SubmittedCall | undefined {
    const stored = this.#submitted.get(submission);
    if (stored !== undefined) return callOf(submission, stored);
    return this.#changed.has(submission) ? changeOf(submission) : undefined;
  }

  #forget(submission: LoggedSubmission): void {
    this.#submitted.delete(submission);
    this.#changed.delete(submission);
  }

  #optionsOf(options: GroupOptions): Partial<SubmittedCall> {
    const numbers = policyOf(options)?.numbers;
    const { waitTimeout, deadline } = numbers ?? {};
    const hasClock = (waitTimeout ?? deadline) !== undefined;
    const needs = needsOf(options);
    return {
      ...numbers,
      ...(hasClock ? { at: this.#recorder.at } : {}),
      ...(options.passContext === false ? { passContext: false } : {}),
      ...(needs.length === 0 ? {} : { needs }),
    };
  }
}

/** A call as it is when it is stored for the first time. */
function callOf(submission: LoggedSubmission, stored: StoredSubmission): SubmittedCall {
  const { group, index, priority, keys, key, isHeld } = submission;
  const { functionName, args, at, options } = stored;
  return {
    index,
    args,
    ...(functionName === group.identity.kind.functionName ? {} : { functionName }),
    ...(priority === undefined ? {} : { priority }),
    ...(keys === undefined ? {} : { keys }),
    ...(key === undefined ? {} : { unique: key }),
    // It is still held: the submission that it replaces is only cancelled after this one is stored.
    ...(isHeld ? { held: true } : {}),
    ...(submission.waitingSince === undefined ? {} : { at }),
    ...options,
  };
}

/** The fields of a call that can change after that. */
function changeOf({ index, priority, isHeld, releasedAt }: LoggedSubmission): SubmittedCall {
  return {
    index,
    ...(priority === undefined ? {} : { priority }),
    ...(releasedAt === undefined ? {} : { arrival: releasedAt, held: isHeld }),
  };
}

/** The list for the group of a submission. */
function listOf<T>(lists: ByGroup<T>, { group }: LoggedSubmission): T[] {
  const present = lists.get(group);
  if (present !== undefined) return present;
  const made: T[] = [];
  lists.set(group, made);
  return made;
}

function recording(code: EventCode, group: GroupRecord, fields: object): Recording {
  return { code, subject: group, n: 0, detail: { group: group.name, ...fields } };
}

function withdrawals(group: GroupRecord, all: readonly number[]): Recording[] {
  const made: Recording[] = [];
  for (let from = 0; from < all.length; from += PIECE.items) {
    const indices = all.slice(from, from + PIECE.items);
    made.push(recording(Code.groupWithdrawn, group, { indices }));
  }
  return made;
}
