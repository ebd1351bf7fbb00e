/** Restores live groups, tasks and submissions from the records of a journal, and resumes them. */

import { ResultsNotRetained, TaskInterrupted } from '../../errors.ts';
import { Code } from '../../events/event-codes.ts';
import { nextTurn, Steps, stepByStep } from '../../kit/jobs.ts';
import { quoted } from '../../kit/printed.ts';
import { randomId } from '../../kit/random-id.ts';
import { ENDED } from '../../machines/charts.ts';
import { numbersOf } from '../admission/limit-options.ts';
import { formerError } from '../attempt/errors.ts';
import type { Core } from '../core.ts';
import { cancellation } from '../engine/cancellation.ts';
import type { Reattached } from '../functions/remote.ts';
import type { Group, Task } from '../live/live.ts';
import { FORMER } from '../results/marks.ts';
import type { Submission } from '../submissions/submission.ts';
import { SubmissionGroup } from '../submissions/submission-group.ts';
import { isDropped, thoseThatMayHaveRun } from './interrupted.ts';
import { changeLimits, limitAgain, restoreLimits } from './recovered-limits.ts';
import { recoveredFeed } from './recovered-source.ts';
import { type CalleeOfCall, cancelReplaced, restoreSubmissions } from './recovered-submissions.ts';
import { optionsOfGroup, type RecoveryTerms, sourceOfGroup } from './recovery-options.ts';
import { type PreviousProcess, settleInterrupted } from './settle-tasks.ts';

/** What to do instead of giving work to a recovered pool that the previous process has closed. */
const CLOSED_BEFORE =
  ': its journal is that of a pool that was closed, by gatherAndClose() for instance. Use a new journal for new work; ' +
  'end with suspend() to continue with the same one';

/**
 * Continues the work of a pool of another process after its journal was read, in steps with turns of the event loop
 * in between. Until it is done, nothing runs and the caller does not have the pool.
 *
 * @throws the error of the store if it fails before the first event.
 */
export async function continueWork(
  core: Core,
  options: RecoveryTerms,
  calleeOfCall: CalleeOfCall,
  attached: ReadonlyMap<Task, Reattached>,
  diedAt: number,
): Promise<void> {
  const { door } = core;
  const { state } = door;
  const release = door.turn.hold();
  // Determined before a limit is changed or a slot is released.
  const runners = state.suspended ? new Set<Task>() : thoseThatMayHaveRun(state, diedAt);
  const previous = { endedAt: Number.isFinite(diedAt) ? diedAt : 0, runners };
  const replaced = await stepByStep(restoreAll(core, options, calleeOfCall, previous));
  if (state.status === 'closing' || state.status === 'closed') core.closedHint = CLOSED_BEFORE;
  const failure = door.persister?.failure;
  if (failure !== undefined) throw failure.cause;
  if (state.status === 'closing') void core.closing.finish();
  if (state.status !== 'closed') {
    await stepByStep(settleAll(core, options, attached, previous, replaced));
  }
  core.begin(options.signal);
  // In a later turn of the event loop, so that the caller can subscribe before anything runs.
  void nextTurn().then(() => {
    for (const task of attached.keys()) task.group.context.run(task);
    release();
  });
}

/** Records that the pool is recovered, and what that means for its work. */
function* settleAll(
  core: Core,
  options: RecoveryTerms,
  attached: ReadonlyMap<Task, Reattached>,
  previous: PreviousProcess,
  replaced: readonly Submission[],
): Generator<undefined, void> {
  const { scheduler } = core;
  const { state } = core.door;
  const { suspended } = state;
  core.actors.materialiseIfEager();
  core.record(Code.poolRecovered, state.uid === '' ? { uid: randomId() } : {});
  if (options.poolSize !== undefined) core.resize(options.poolSize);
  changeLimits(core, numbersOf(options.limits ?? {}));
  for (const group of state.groups) {
    limitAgain(core, group, optionsOfGroup(options, group.name).limits ?? {});
  }
  dropIncompleteCalls(core, options);
  cancelReplaced(core, replaced);
  yield* settleInterrupted(core, options, attached, previous, suspended);
  for (const group of state.groups) {
    const { signal } = optionsOfGroup(options, group.name);
    if (signal !== undefined) core.calls.cancelWith(signal, group);
  }
  for (const group of state.groups) if (!group.isDone) scheduler.addLater(group);
}

/** Before the first event of the recovered pool: restores what is not in the journal, as far as possible. */
function* restoreAll(
  core: Core,
  options: RecoveryTerms,
  calleeOfCall: CalleeOfCall,
  previous: PreviousProcess,
): Generator<undefined, Submission[]> {
  const { state } = core.door;
  const steps = new Steps();
  for (const _ of restoreLimits(core, previous.endedAt)) if (steps.areDue()) yield;
  for (const task of state.tasks) {
    if (task.state === ENDED) task.value = formerValue(task);
    if (steps.areDue()) yield;
  }
  for (const group of state.groups) {
    if (!(group instanceof SubmissionGroup)) restoreGroup(core, group, options);
    if (steps.areDue()) yield;
  }
  // Their remote calls may still be running.
  for (const group of state.cancelled) group.context = core.calls.contextFor(group);
  return yield* restoreSubmissions(core, calleeOfCall);
}

/** The outcome of a task of an earlier process, if the journal contains it. */
function formerValue({ group, outcome, notes }: Task): unknown {
  const { value, omitted, error, reason } = notes;
  if (group.identity.kind.keepResults === undefined || omitted === true) return FORMER;
  if (outcome === 'rejected') return error === undefined ? FORMER : formerError(error);
  return outcome === 'cancelled' ? cancellation(reason).reason : value;
}

function restoreGroup(core: Core, group: Group, options: RecoveryTerms): void {
  group.context = core.calls.contextFor(group);
  if (group.source === 'open') {
    group.feed = recoveredFeed(group, sourceOfGroup(options, group.name), () =>
      core.scheduler.proceed(group),
    );
    return;
  }
  if (group.source === 'failed') {
    const error = new ResultsNotRetained(
      `expected a source whose error is known, got that of ${quoted(group.name)}, which failed before the pool was recovered`,
    );
    group.failWith(error, false);
  }
  if (group.isDone) core.delivery.finish(group);
}

/** Drops the calls within which the process died, which do not count. */
function dropIncompleteCalls(core: Core, options: RecoveryTerms): void {
  for (const group of [...core.door.state.groups]) {
    if (!isDropped(group, options)) continue;
    const { planned } = group.identity.kind;
    const reason = new TaskInterrupted(
      `the process died while it stored the ${planned} items of ${quoted(group.name)}: its call is dropped`,
    );
    core.cancelling.group(group, reason);
  }
}
