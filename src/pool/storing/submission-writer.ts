/** Stores calls of `submit` that wait, by their indices in their group. */

import { Code, type EventCode } from '../../events/event-codes.ts';
import type { SubmittedCall } from '../../events/events.ts';
import { runSoon } from '../../kit/jobs.ts';
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

/** The pool, as far as its submissions are stored. */
interface Recorder {
  /** The time: milliseconds since the epoch. */
  readonly at: number;
  record(together: readonly Recording[]): void;
}

/** What there is to record of a group. */
interface Unrecorded {
  readonly calls: SubmittedCall[];
  readonly withdrawn: number[];
}

export class SubmissionWriter implements SubmissionLog {
  readonly #functions: Functions;
  readonly #recorder: Recorder;
  /** Those that are not stored yet, and those of which something has changed since they were. */
  #submitted = new Map<LoggedSubmission, StoredSubmission>();
  #changed = new Set<LoggedSubmission>();
  #withdrawn: LoggedSubmission[] = [];
  #isDue = false;

  constructor(functions: Functions, recorder: Recorder) {
    this.#functions = functions;
    this.#recorder = recorder;
  }

  toStore(fn: AnyFunction, given: readonly unknown[], options: GroupOptions): StoredSubmission {
    const functionName = this.#functions.nameOf(fn);
    const args = storable(given, 'args') as StoredSubmission['args'];
    checkSize(args, 'args');
    return { functionName, args, options: this.#optionsOf(options) };
  }

  storedCalls(): Stored {
    return new StoredCalls();
  }

  submitted(submission: LoggedSubmission, stored: StoredSubmission): void {
    this.#submitted.set(submission, stored);
    this.#schedule();
  }

  changed(submission: LoggedSubmission): void {
    if (this.#submitted.has(submission)) return;
    this.#changed.add(submission);
    this.#schedule();
  }

  withdrawn(submission: LoggedSubmission): void {
    this.#changed.delete(submission);
    // Of a call that ended in the turn in which it was made the journal need not know.
    if (this.#submitted.delete(submission)) return;
    this.#withdrawn.push(submission);
    this.#schedule();
  }

  untilSuspended(submission: RunningSubmission, outcome: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      submission.interrupt = reject;
      void outcome.then(resolve, reject);
    });
  }

  flush(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    const submitted = this.#submitted;
    const changed = this.#changed;
    const withdrawn = this.#withdrawn;
    this.#submitted = new Map();
    this.#changed = new Set();
    this.#withdrawn = [];
    const groups = new Map<GroupRecord, Unrecorded>();
    for (const [submission, stored] of submitted) {
      unrecordedOf(groups, submission).calls.push(callOf(submission, stored, this.#recorder.at));
    }
    for (const each of changed) unrecordedOf(groups, each).calls.push(changeOf(each));
    for (const each of withdrawn) unrecordedOf(groups, each).withdrawn.push(each.index);
    const together = [...groups].flatMap(recordingsOf);
    if (together.length > 0) this.#recorder.record(together);
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    void runSoon(() => this.flush());
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

/** A call as it is when it is stored for the first time, in the turn in which it was made. */
function callOf(submission: LoggedSubmission, stored: StoredSubmission, at: number): SubmittedCall {
  const { group, index, priority, keys, key, isHeld } = submission;
  const { functionName, args, options } = stored;
  return {
    index,
    args,
    ...(functionName === group.identity.kind.functionName ? {} : { functionName }),
    ...(priority === undefined ? {} : { priority }),
    ...(keys === undefined ? {} : { keys }),
    ...(key === undefined ? {} : { unique: key }),
    // What it waits for is cancelled once it is stored: it was not released yet.
    ...(isHeld ? { held: true } : {}),
    ...(submission.waitingSince === undefined ? {} : { at }),
    ...options,
  };
}

/** What may have changed of a call since then. */
function changeOf({ index, priority, isHeld, releasedAt }: LoggedSubmission): SubmittedCall {
  return {
    index,
    ...(priority === undefined ? {} : { priority }),
    ...(releasedAt === undefined ? {} : { arrival: releasedAt, held: isHeld }),
  };
}

function unrecordedOf(
  groups: Map<GroupRecord, Unrecorded>,
  { group }: LoggedSubmission,
): Unrecorded {
  const present = groups.get(group);
  if (present !== undefined) return present;
  const made = { calls: [], withdrawn: [] };
  groups.set(group, made);
  return made;
}

/** The events of a group: what is stored comes before what is withdrawn. */
function recordingsOf([group, { calls, withdrawn }]: [GroupRecord, Unrecorded]): Recording[] {
  const recording = (code: EventCode, fields: object): Recording => {
    return { code, subject: group, n: 0, detail: { group: group.name, ...fields } };
  };
  return [
    ...piecesOf(calls).map((piece) => recording(Code.groupSubmitted, { calls: piece })),
    ...piecesOf(withdrawn).map((piece) => recording(Code.groupWithdrawn, { indices: piece })),
  ];
}

/** The pieces in which events hold calls. */
function piecesOf<T>(all: readonly T[]): T[][] {
  const pieces: T[][] = [];
  let piece: T[] = [];
  let size = 0;
  for (const each of all) {
    const added = jsonSize(each);
    if (piece.length === 0 || piece.length === PIECE.items || size + added > PIECE.bytes) {
      piece = [];
      size = 0;
      pieces.push(piece);
    }
    piece.push(each);
    size += added;
  }
  return pieces;
}
