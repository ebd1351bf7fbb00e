/** Checks of the arguments of `replay` and `project`. */

import { type Check, checkCount, checkOf, hasMethods } from '../kit/checks.ts';
import { isObject } from '../kit/realms.ts';

/** Checks the `seq` of the last event to apply: -1 is before the first one. */
export function checkUntil(name: string, value: unknown): void {
  if (value !== Number.POSITIVE_INFINITY) checkCount(name, value, -1, ' or Infinity');
}

/** Its contents are checked when it is read. */
export const checkCheckpoint: Check = checkOf('a checkpoint', isObject);

export const checkProjection: Check = checkOf('a projection, with initial and apply', (value) =>
  hasMethods(value, 'initial', 'apply'),
);

/** Checks that it is a pool or a store. */
export const checkProjected: Check = checkOf(
  'a pool or a store',
  (value) =>
    isObject(value) && ('journal' in value || hasMethods(value, 'read', 'latestCheckpoint')),
);
