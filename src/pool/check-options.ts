/** Checks of options, at the call that they are passed to. */

import type { Retain } from '../events.ts';
import { checkLimits, type HistoryOptions } from '../journal/event-history.ts';
import { TASK_STATES } from '../machines/charts.ts';
import type { TaskFilter } from '../machines/pool-snapshot.ts';
import { checkAttemptOptions } from './attempt/policy.ts';
import {
  checkCount,
  checkFinite,
  checkLimit,
  checkOptionalBoolean,
  checkOptionalFunction,
  checkOptionalSignal,
  checkOptionalString,
  checkPriority,
  checkString,
  hasMethods,
  refuse,
} from './checks.ts';
import type { DefaultOptions, GroupOptions, SubmitOptions } from './group-options.ts';
import { defaultOptions, taskFilter } from './option-names.ts';
import type { PoolOptions } from './options.ts';

/** @throws RangeError, TypeError, NotAFunction for pool options that make no sense. */
export function checkPoolOptions(options: PoolOptions): void {
  const { poolSize, name, signal, retain, maxQueued, inspect, actors } = options;
  const { around, clock } = options;
  const { journal, logger } = options;
  if (poolSize !== undefined) checkLimit('poolSize', poolSize);
  if (maxQueued !== undefined) checkLimit('maxQueued', maxQueued, 1);
  checkOptionalString('name', name);
  checkOptionalSignal('signal', signal);
  checkOptionalFunction('isCancellation', options.isCancellation);
  if (retain !== undefined) checkRetain(retain);
  if (typeof inspect !== 'object' || inspect === null) checkOptionalFunction('inspect', inspect);
  if (journal !== undefined) checkJournal(journal);
  if (options.aging !== undefined) checkAging(options.aging);
  if (options.history !== undefined) checkHistory(options.history);
  if (logger !== undefined) checkLogger(logger);
  checkOptionalFunction('around', around);
  checkOptionalBoolean('asyncContext', options.asyncContext);
  checkKeepResults(options.keepResults);
  if (options.defaults !== undefined) checkDefaults(options.defaults);
  if (clock !== undefined) checkClock(clock);
  if (actors !== undefined && actors !== 'lazy' && actors !== 'eager') {
    refuse(`actors to be 'lazy' or 'eager'`, actors);
  }
}

function checkJournal(journal: unknown): void {
  const { size, bytes, append, journaling } = Object(journal) as Record<string, unknown>;
  if (typeof append === 'function') {
    if (journaling !== undefined) return;
    refuse(`a store that pools can write to, with the property journaling`, journal);
  }
  if (size !== undefined || bytes !== undefined) return;
  refuse(`journal to be a store or to have a size or bytes`, journal);
}

function checkHistory(history: HistoryOptions): void {
  const { size, bytes } = Object(history) as HistoryOptions;
  if (size === undefined && bytes === undefined) {
    refuse(`history to have a size or bytes`, history);
  }
  checkLimits(history, 'history.');
}

function checkClock(clock: unknown): void {
  if (hasMethods(clock, 'now', 'setTimeout', 'clearTimeout')) return;
  refuse(`clock to have now(), setTimeout() and clearTimeout()`, clock);
}

function checkLogger(logger: unknown): void {
  if (hasMethods(logger, 'info', 'error')) return;
  refuse(`logger to have info() and error()`, logger);
}

function checkAging(aging: number): void {
  checkFinite('aging', aging);
  if (aging <= 0) throw new RangeError(`expected aging to be a positive number, got ${aging}`);
}

function checkRetain(retain: Retain): void {
  if (retain === 'all' || retain === 'errors' || retain === 'none') return;
  if (typeof retain === 'number') checkCount('retain', retain);
  else {
    refuse(`retain to be 'all', 'errors', 'none' or a number`, retain);
  }
}

function checkDefaults(defaults: DefaultOptions): void {
  defaultOptions.check('defaults', defaults);
  const { numConcurrent, ...others } = defaults;
  if (numConcurrent !== undefined) checkLimit('defaults.numConcurrent', numConcurrent, 1);
  checkGroupOptions(others);
}

/** @throws TypeError, RangeError for a filter that makes no sense. */
export function checkTaskFilter(where: string, filter: TaskFilter): void {
  taskFilter.check(where, filter);
  const { state, group, before, last } = filter;
  if (state !== undefined && !TASK_STATES.includes(state)) {
    refuse(`state to be one of ${TASK_STATES.join(', ')}`, state);
  }
  if (group !== undefined) checkString('group', group);
  if (before !== undefined) checkLimit('before', before);
  if (last !== undefined) checkLimit('last', last);
}

const DUPLICATES: readonly unknown[] = [undefined, 'join', 'refuse', 'replace'];

/** @throws what {@link checkGroupOptions} throws for options of a submission that make no sense. */
export function checkSubmitOptions(options: SubmitOptions): void {
  checkGroupOptions(options);
  checkOptionalString('unique', options.unique);
  if (DUPLICATES.includes(options.onDuplicate)) return;
  refuse(`onDuplicate to be 'join', 'refuse' or 'replace'`, options.onDuplicate);
}

function checkKeepResults(keep: unknown): void {
  if (keep === undefined || typeof keep === 'boolean') return;
  const { maxBytes } = Object(keep) as { readonly maxBytes?: unknown };
  if (maxBytes === undefined) refuse('keepResults to be true, false or { maxBytes }', keep);
  checkLimit('keepResults.maxBytes', maxBytes);
}

/** @throws TypeError, NotAFunction for group options that make no sense. */
export function checkGroupOptions(options: GroupOptions): void {
  checkOptionalString('groupName', options.groupName);
  checkOptionalFunction('endCallback', options.endCallback);
  checkOptionalFunction('cancelCallback', options.cancelCallback);
  checkOptionalFunction('isCancellation', options.isCancellation);
  checkOptionalSignal('signal', options.signal);
  if (options.priority !== undefined) checkPriority(options.priority);
  if (options.lookahead !== undefined) checkLimit('lookahead', options.lookahead);
  checkOptionalBoolean('passContext', options.passContext);
  checkOptionalBoolean('asyncContext', options.asyncContext);
  checkAttemptOptions(options);
  checkKeepResults(options.keepResults);
  const { onError } = options;
  if (onError === undefined || ['continue', 'stop', 'cancel'].includes(onError)) return;
  refuse(`onError to be 'continue', 'stop' or 'cancel'`, onError);
}
