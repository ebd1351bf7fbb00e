/** What a journal says of a pool whose process has died, as records that a pool can go on with. */

import { FunctionNotRegistered, NotResumable } from '../../errors.ts';
import type { PoolKind } from '../../events.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { Fold } from '../../journal/fold.ts';
import type { MemoryStore } from '../../journal/memory-store.ts';
import { ACTIVE, QUEUED } from '../../machines/charts.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import type { GroupIdentity, RecordMakers } from '../../machines/records.ts';
import { Group } from '../engine/group.ts';
import { Task } from '../engine/task.ts';
import { workOf } from '../engine/work.ts';
import { SPENT } from '../feed.ts';
import { resumeOptions, simpleResumeOptions } from '../option-names.ts';
import type { GroupOptions } from '../options.ts';
import { memoryAfter } from '../recording/journaling.ts';
import { Functions } from './functions.ts';
import {
  checkResumeOptions,
  optionsOfGroup,
  type ResumeOptions,
  sourceOfGroup,
} from './resume-options.ts';
import { isCallIncomplete } from './storing.ts';

/** Options of `resume`, with the callbacks of all groups where the pool has such. */
type LifeOptions = ResumeOptions & Pick<GroupOptions, 'endCallback' | 'cancelCallback'>;

/** A pool as its journal left it. */
export interface EarlierLife {
  readonly state: PoolState<Task, Group>;
  /** Where its events are, and where the further ones go. */
  readonly store: EventStore;
  /** The events in memory: the store itself, or one that begins with the next event. */
  readonly memory: MemoryStore;
  readonly options: ResumeOptions;
}

/**
 * Reads a journal. Nothing is written, and no function runs.
 *
 * @throws NotResumable, FunctionNotRegistered if it takes more than is there to go on, TypeError if
 * the pool is of another kind, what reading throws, what `replay` throws, and for options that make
 * no sense TypeError, RangeError, NotAFunction.
 */
export async function readLife(
  kind: PoolKind,
  store: EventStore,
  options: LifeOptions,
): Promise<EarlierLife> {
  checkResumeOptions(store, options);
  const names = kind === 'TaskPool' ? resumeOptions : simpleResumeOptions;
  names.check(`${kind}.resume()`, options);
  const functions = new Functions(options.functions);
  const snapshot = await store.latestSnapshot();
  const fold = new Fold(recordMakers(functions, options), snapshot?.state);
  const range = snapshot === undefined ? {} : { fromSeq: snapshot.seq + 1 };
  for await (const batch of store.read(range)) for (const event of batch) fold.apply(event);
  const { state } = fold;
  if (state === undefined) {
    throw new NotResumable('expected a journal with events, got an empty one');
  }
  if (state.kind !== kind) {
    throw new TypeError(`expected the journal of a ${kind}, got one of a ${state.kind}`);
  }
  checkCanGoOn(state, functions, options);
  return { state, store, memory: memoryAfter(state.seq, store, options.history), options };
}

/** Whether a task is to be run again, or to be given up: it may have run, and has not ended. */
export function isInterrupted({ state, group }: Task): boolean {
  return (state === QUEUED || state === ACTIVE) && group.source !== 'cancelled';
}

/** Whether an interrupted task of a group is to be run again. */
export function isRetried({ name }: Group, options: ResumeOptions): boolean {
  return (optionsOfGroup(options, name).onInterrupted ?? options.onInterrupted) !== 'fail';
}

/** Whether the call of a group never was: the process died within it, and nobody has the rest. */
export function isDropped(group: Group, options: ResumeOptions): boolean {
  return isCallIncomplete(group) && sourceOfGroup(options, group.name) === undefined;
}

function recordMakers(functions: Functions, options: LifeOptions): RecordMakers<Task, Group> {
  return {
    task: (id, group, index) => new Task(id, group, index, undefined),
    group: (identity) => makeGroup(identity, functions, options),
  };
}

function makeGroup(identity: GroupIdentity, functions: Functions, options: LifeOptions): Group {
  const { name, kind } = identity;
  const { method, functionName, storage } = kind;
  const ofGroup = optionsOfGroup(options, name);
  const { endCallback, cancelCallback } = { ...options, ...ofGroup };
  const { isCancellation } = ofGroup;
  const spreads = method !== 'map' && method !== 'doublestarmap';
  const work = workOf(functions.get(functionName) ?? missing, spreads, {
    ...(endCallback === undefined ? {} : { endCallback }),
    ...(cancelCallback === undefined ? {} : { cancelCallback }),
    ...(isCancellation === undefined ? {} : { isCancellation }),
    ...(storage?.passContext === false ? { passContext: false } : {}),
  });
  const group = new Group(identity, work);
  group.feed = SPENT;
  return group;
}

/** In place of a function that there is none of. A pool that would call it is refused. */
function missing(): never {
  throw new FunctionNotRegistered('expected a function that is registered');
}

/** Nothing may be lost: what cannot be gone on with is refused before anything is written. */
function checkCanGoOn(
  state: PoolState<Task, Group>,
  functions: Functions,
  options: ResumeOptions,
): void {
  const retried = Array.from(state.tasks)
    .filter((task) => isInterrupted(task) && isRetried(task.group, options))
    .map((task) => task.group);
  const open = Array.from(state.groups).filter(
    (group) => group.source === 'open' && !isDropped(group, options),
  );
  const groups = [...new Set([...open, ...retried])];
  for (const { identity, name } of groups) {
    if (identity.kind.storage !== undefined) continue;
    throw new NotResumable(
      `expected group '${name}' to be stored, got one of a pool that was made without functions`,
    );
  }
  const absent = groups.filter(
    ({ identity }) => functions.get(identity.kind.functionName) === undefined,
  );
  if (absent.length === 0) return;
  const names = new Set(absent.map(({ identity }) => identity.kind.functionName));
  throw new FunctionNotRegistered(
    `expected functions to have ${[...names].join(', ')}, which unfinished groups call, got ${functions.list}`,
  );
}
