/** Checks of options, at the call that they are passed to. */

import type { Retain } from '../events.ts';
import {
  checkCount,
  checkLimit,
  checkOptionalFunction,
  checkOptionalSignal,
  checkOptionalString,
  describe,
} from './checks.ts';
import type { GroupOptions, PoolOptions } from './options.ts';

/** @throws RangeError, TypeError, NotAFunction for pool options that make no sense. */
export function checkPoolOptions(options: PoolOptions): void {
  const { poolSize, name, signal, retain, maxQueued, inspect, actors } = options;
  if (poolSize !== undefined) checkLimit('poolSize', poolSize);
  if (maxQueued !== undefined) checkLimit('maxQueued', maxQueued, 1);
  checkOptionalString('name', name);
  checkOptionalSignal('signal', signal);
  if (retain !== undefined) checkRetain(retain);
  if (typeof inspect !== 'object') checkOptionalFunction('inspect', inspect);
  if (actors !== undefined && actors !== 'lazy' && actors !== 'eager') {
    throw new TypeError(`expected actors to be 'lazy' or 'eager', got ${describe(actors)}`);
  }
}

function checkRetain(retain: Retain): void {
  if (retain === 'all' || retain === 'errors' || retain === 'none') return;
  if (typeof retain === 'number') checkCount('retain', retain);
  else {
    throw new TypeError(
      `expected retain to be 'all', 'errors', 'none' or a number, got ${describe(retain)}`,
    );
  }
}

/** @throws TypeError, NotAFunction for group options that make no sense. */
export function checkGroupOptions(options: GroupOptions): void {
  checkOptionalString('groupName', options.groupName);
  checkOptionalFunction('endCallback', options.endCallback);
  checkOptionalFunction('cancelCallback', options.cancelCallback);
  checkOptionalSignal('signal', options.signal);
}
