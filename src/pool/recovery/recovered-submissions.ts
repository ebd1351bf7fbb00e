/** Restores the waiting submissions of a recovered pool, with their keys. */

import { DuplicateTask } from '../../errors.ts';
import type { SubmittedCall } from '../../events/events.ts';
import { Steps } from '../../kit/jobs.ts';
import { quoted } from '../../kit/printed.ts';
import { markHandled } from '../../kit/promises.ts';
import { StoredCalls } from '../../machines/stored-calls.ts';
import type { Core } from '../core.ts';
import type { Callee } from '../live/work.ts';
import type { Submission } from '../submissions/submission.ts';
import { numReleasedAt } from '../submissions/submission-feed.ts';
import { SubmissionGroup, SubmittedTask } from '../submissions/submission-group.ts';

/** Finds the function and the options of a stored call. */
export type CalleeOfCall = (group: SubmissionGroup, call: SubmittedCall) => Callee;

/** The calls of a group that have not ended; none for groups that are not of submissions. */
export function unfinishedCalls({ stored }: { readonly stored: unknown }): Iterable<SubmittedCall> {
  return stored instanceof StoredCalls ? stored.unfinished() : [];
}

/**
 * Before the first event of the recovered pool: restores submissions with new promises, which callers can only get by
 * joining with the key. In steps, since there may be millions. Returns those that others replace, which must be
 * cancelled.
 */
export function* restoreSubmissions(
  core: Core,
  calleeOfCall: CalleeOfCall,
): Generator<undefined, Submission[]> {
  const steps = new Steps();
  const groups = [...core.door.state.groups].filter((group) => group instanceof SubmissionGroup);
  const keyed: { readonly key: string; readonly submission: Submission }[] = [];
  for (const group of groups) {
    core.submissions.maker.enter(group);
    group.submitted = group.stored?.submitted ?? group.created;
    for (const [submission, { unique: key }] of submissionsOf(core, group, calleeOfCall)) {
      if (key !== undefined) keyed.push({ key, submission });
      if (steps.areDue()) yield;
    }
  }
  // Held submissions come after those whose keys they wait for.
  keyed.sort(
    ({ submission: one }, { submission: other }) => Number(one.isHeld) - Number(other.isHeld),
  );
  const replaced: Submission[] = [];
  for (const { key, submission } of keyed) {
    const before = core.submissions.keys.claim(key, submission);
    if (before !== undefined) replaced.push(before);
    // The other submission had already ended.
    else if (submission.isHeld) release(core, submission);
    if (steps.areDue()) yield;
  }
  return replaced;
}

function release({ submissions }: Core, submission: Submission): void {
  submission.group.submissions.release(submission);
  submissions.maker.log?.changed(submission);
}

/** Cancels the submissions that were to be replaced when the process died. */
export function cancelReplaced(core: Core, replaced: readonly Submission[]): void {
  for (const submission of replaced) {
    const { key } = submission;
    const reason = new DuplicateTask(`replaced by another submission with the key ${quoted(key)}`);
    core.submissions.cancel(submission, reason);
  }
}

/** First the submissions that are tasks, then the waiting ones in order. */
function* submissionsOf(
  core: Core,
  group: SubmissionGroup,
  calleeOfCall: CalleeOfCall,
): Generator<[Submission, SubmittedCall]> {
  const { stored } = group;
  if (!(stored instanceof StoredCalls)) return;
  const { maker } = core.submissions;
  for (const task of group.tasks) {
    const call = stored.own(task.index);
    if (call === undefined || !(task instanceof SubmittedTask)) continue;
    const submission = made(core, group, call, calleeOfCall);
    task.belongTo(submission);
    yield [submission, call];
  }
  const waiting = [...stored.waiting.values()].sort((one, other) => place(one) - place(other));
  for (const call of waiting) {
    const submission = made(core, group, call, calleeOfCall);
    if (call.at !== undefined) {
      const { turn } = core.door;
      const elapsed = Math.max(0, turn.at - call.at);
      submission.waitingSince = turn.elapsed - elapsed;
      maker.limitWait(submission, elapsed);
    }
    if (call.held === true) {
      submission.isHeld = true;
      group.submissions.hold(submission);
    } else group.submissions.push(submission);
    yield [submission, call];
  }
}

function made(
  core: Core,
  group: SubmissionGroup,
  call: SubmittedCall,
  calleeOfCall: CalleeOfCall,
): Submission {
  const { index, args = [], priority, keys, arrival } = call;
  const { maker } = core.submissions;
  const { fn, work } = calleeOfCall(group, call);
  const submission = maker.promised(group, index, fn, work, args);
  markHandled(submission.promise);
  submission.isAwaited = false;
  if (priority !== undefined) submission.priority = priority;
  if (arrival !== undefined) {
    submission.releasedAt = arrival;
    // Submissions that are released later come after it.
    const { submissions } = group;
    submissions.released = Math.max(submissions.released, numReleasedAt(arrival));
  }
  if (keys !== undefined) {
    submission.keys = keys;
    core.admission.limit(group);
  }
  return submission;
}

function place({ arrival, index }: SubmittedCall): number {
  return arrival ?? index;
}
