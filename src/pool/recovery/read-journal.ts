/** Reads the journal of a dead process into records that a pool can start from. */

import { FunctionNotRegistered, NotRecoverable } from '../../errors.ts';
import { defined } from '../../events/event-columns.ts';
import type { PoolKind } from '../../events/events.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { Fold } from '../../journal/fold.ts';
import { nextTurn, Steps, stepByStep } from '../../kit/jobs.ts';
import { quoted } from '../../kit/printed.ts';
import {
  type GroupIdentity,
  type GroupPolicy,
  policyOf as groupPolicyOf,
} from '../../machines/group-identity.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import type { RecordMakers } from '../../machines/records.ts';
import { storedItemsOf } from '../../machines/stored-items.ts';
import { termsOf } from '../admission/limit-options.ts';
import type { RetryWhen } from '../attempt/attempt-options.ts';
import { recoveredPolicy, whenOf } from '../attempt/policy.ts';
import type { Core, Recovery } from '../core.ts';
import { SPENT } from '../feeds/feed.ts';
import { Group, Task } from '../live/live.ts';
import { type Callee, workOf } from '../live/work.ts';
import type { GroupOptions } from '../options/group-options.ts';
import { journaling } from '../persistence/journaling.ts';
import { checkWritable, historyBeside } from '../persistence/keeping.ts';
import { Functions } from '../storing/functions.ts';
import { SubmissionGroup, SubmittedTask } from '../submissions/submission-group.ts';
import {
  isBetweenAttempts,
  isDropped,
  isInterrupted,
  isRetried,
  isStillQueued,
} from './interrupted.ts';
import { reattach } from './reattach.ts';
import { continueWork } from './recover.ts';
import { type CalleeOfCall, unfinishedCalls } from './recovered-submissions.ts';
import {
  checkRecovery,
  optionsOfGroup,
  type RecoveryTerms,
  recoveryOptions,
  simpleRecoveryOptions,
} from './recovery-options.ts';

/** Options of a recovery; simple pools also have callbacks for all groups. */
type ReadOptions = RecoveryTerms & Pick<GroupOptions, 'endCallback' | 'cancelCallback' | 'retry'>;

/**
 * Reads a journal; undefined if it is empty. Nothing is written, and no function runs.
 *
 * @throws NotRecoverable, FunctionNotRegistered if the journal or the options are not enough to continue; TypeError
 * if the pool is of the other kind; TypeError, RangeError, NotAFunction for invalid options; what reading and
 * `replay` throw.
 */
export async function readJournal(
  kind: PoolKind,
  store: EventStore,
  options: ReadOptions,
): Promise<Recovery | undefined> {
  checkRecovery(store, options);
  checkWritable(store);
  const names = kind === 'TaskPool' ? recoveryOptions : simpleRecoveryOptions;
  names.check(`recover${kind}()`, options);
  const functions = new Functions(options.functions);
  const snapshot = await store.latestCheckpoint();
  const fold = await Fold.begin(recordMakers(functions, options), snapshot?.state);
  const range = snapshot === undefined ? {} : { fromSeq: snapshot.seq + 1 };
  // Without events after the checkpoint it is unknown when the process died.
  let diedAt = Number.POSITIVE_INFINITY;
  for await (const batch of store.read(range)) {
    for (const event of batch) fold.apply(event);
    diedAt = batch.at(-1)?.at ?? diedAt;
    // A store that reads without waiting would block the event loop.
    await nextTurn();
  }
  const { state } = fold;
  if (state === undefined) return undefined;
  if (state.kind !== kind) {
    throw new TypeError(`expected the journal of a ${kind}, got one of a ${state.kind}`);
  }
  await stepByStep(checkIsEnough(state, functions, options));
  const history = historyBeside(store, options.history);
  if (history.nextSeq === 0) history.ring.startAt(state.seq + 1);
  const calleeOfCall = calleesOfCalls(functions, options);
  const attached = await reattach(state, calleeOfCall, options);
  const begin = (core: Core) => continueWork(core, options, calleeOfCall, attached, diedAt);
  return { state, store, history, journaling, begin };
}

function recordMakers(functions: Functions, options: ReadOptions): RecordMakers<Task, Group> {
  return {
    task: (id, group, index) => {
      const Made = group instanceof SubmissionGroup ? SubmittedTask : Task;
      return new Made(id, group, index, undefined);
    },
    group: (identity) => makeGroup(identity, functions, options),
  };
}

function makeGroup(identity: GroupIdentity, functions: Functions, options: ReadOptions): Group {
  const { name, kind } = identity;
  const { method, functionName, storage, policy } = kind;
  const spreads = method !== 'map' && method !== 'doublestarmap';
  const { fn, work } = calleeAgain(
    name,
    functionName,
    spreads,
    { ...policy, ...storage },
    functions,
    options,
  );
  const Made = method === 'submit' ? SubmissionGroup : Group;
  const group = new Made(identity, fn, work, storedItemsOf(storage));
  group.feed = SPENT;
  return group;
}

/** The function and its options for a group or one of its calls, from the journal and the options of the recovery. */
function calleeAgain(
  groupName: string,
  functionName: string,
  spreads: boolean,
  said: GroupPolicy & { readonly passContext?: false },
  functions: Functions,
  options: ReadOptions,
): Callee {
  const ofGroup = optionsOfGroup(options, groupName);
  const { defaults } = options;
  const endCallback = ofGroup.endCallback ?? options.endCallback ?? defaults?.endCallback;
  const cancelCallback =
    ofGroup.cancelCallback ?? options.cancelCallback ?? defaults?.cancelCallback;
  const isCancellation = ofGroup.isCancellation ?? defaults?.isCancellation;
  const policy = groupPolicyOf(said);
  const fn = functions.get(functionName) ?? missing;
  const work = workOf(
    fn,
    spreads,
    defined({ endCallback, cancelCallback, isCancellation, passContext: said.passContext }),
    recoveredPolicy(policy, ofGroup, retryWhen(groupName, options)),
  );
  return { fn, work };
}

/** The functions of calls of `submit`, cached, since most calls of a group have the same. */
function calleesOfCalls(functions: Functions, options: ReadOptions): CalleeOfCall {
  const callees = new Map<string, Callee>();
  return ({ name, identity }, call) => {
    const { functionName = identity.kind.functionName, passContext } = call;
    const said = defined({ ...groupPolicyOf(call), passContext });
    const key = JSON.stringify([name, functionName, said]);
    const known = callees.get(key);
    if (known !== undefined) return known;
    const callee = calleeAgain(name, functionName, true, said, functions, options);
    callees.set(key, callee);
    return callee;
  };
}

/** Stands for a missing function. A pool that would call it is refused. */
function missing(): never {
  throw new FunctionNotRegistered('expected a function that is registered');
}

/** No work may be lost: a pool that cannot be continued is refused before anything is written. */
function* checkIsEnough(
  state: PoolState<Task, Group>,
  functions: Functions,
  options: RecoveryTerms,
): Generator<undefined, void> {
  const isRunAgain = (task: Task) =>
    isBetweenAttempts(task) ||
    isStillQueued(task, state.suspended) ||
    (isInterrupted(task) && isRetried(task.group, options));
  const retried = Array.from(state.tasks)
    .filter(isRunAgain)
    .map((task) => task.group);
  const open = Array.from(state.groups).filter(
    (group) => group.source === 'open' && !isDropped(group, options),
  );
  const groups = [...new Set([...open, ...retried])];
  for (const { identity, name } of groups) {
    if (identity.kind.storage !== undefined) continue;
    throw new NotRecoverable(
      `expected group ${quoted(name)} to be stored, got one of a pool without functions`,
    );
  }
  const names = new Set<string>();
  for (const group of groups) {
    const needs = yield* needsOf(group, names);
    checkNeeds(group, needs, options);
  }
  for (const group of open) checkKeysAreGiven(group, options);
  const limits = [...(state.limits?.names ?? []), ...Object.keys(options.limits ?? {})];
  for (const { name } of state.groups) termsOf(optionsOfGroup(options, name).limits, limits);
  const absent = [...names].filter((name) => functions.get(name) === undefined);
  if (absent.length === 0) return;
  throw new FunctionNotRegistered(
    `expected functions to have ${absent.join(', ')}, which unfinished groups call, got ${functions.list}`,
  );
}

/**
 * The options of a group that are functions. Adds the functions that it calls to `names`; for submissions, only those
 * of unfinished calls.
 */
function* needsOf(group: Group, names: Set<string>): Generator<undefined, Set<string>> {
  const { functionName, storage } = group.identity.kind;
  const steps = new Steps();
  const needs = new Set<string>(storage?.needs);
  if (!group.isSubmitted) names.add(functionName);
  for (const call of unfinishedCalls(group)) {
    names.add(call.functionName ?? functionName);
    for (const need of call.needs ?? []) needs.add(need);
    if (steps.areDue()) yield;
  }
  return needs;
}

/** Options that are functions are not in the journal and must be given again, by group. */
function checkNeeds(group: Group, needs: ReadonlySet<string>, options: ReadOptions): void {
  const { name } = group.identity;
  const given: Readonly<Record<string, unknown>> = {
    isCancellation:
      optionsOfGroup(options, name).isCancellation ?? options.defaults?.isCancellation,
    'retry.when': retryWhen(name, options),
  };
  const absent = [...needs].filter((need) => given[need] === undefined);
  if (absent.length === 0) return;
  throw new FunctionNotRegistered(
    `expected groups[${quoted(name)}] to have ${absent.join(', ')}, as the call that created it had, got none`,
  );
}

/** The function that decides about retries of the tasks of a group. */
function retryWhen(name: string, options: ReadOptions): RetryWhen | undefined {
  const { retry } = optionsOfGroup(options, name);
  const when = typeof retry === 'object' ? retry.when : undefined;
  return when ?? whenOf(options) ?? whenOf(options.defaults ?? {});
}

/** Functions that compute keys are not in the journal; the keys of tasks are. */
function checkKeysAreGiven({ name, identity }: Group, options: RecoveryTerms): void {
  const given = optionsOfGroup(options, name).limits ?? {};
  for (const [limit, key] of Object.entries(identity.kind.terms?.limits ?? {})) {
    if (key !== null || typeof given[limit] === 'function') continue;
    throw new FunctionNotRegistered(
      `expected groups[${quoted(name)}].limits.${limit} to be the function that computes the keys of its items, got none`,
    );
  }
}
