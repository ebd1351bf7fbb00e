/** Checks of options that are more than a number, a string or a function. */

import {
  type Check,
  checkCount,
  checkLimit,
  checkOf,
  hasMethods,
  refuse,
} from '../../kit/checks.ts';
import { read } from '../../kit/realms.ts';
import { checkFunction } from './check-function.ts';

/** Checks that it is a store that pools can write to, or the limits of the journal in memory. */
export function checkJournal(name: string, journal: unknown): void {
  if (hasMethods(journal, 'append')) {
    if (read(journal, 'journaling') !== undefined) return;
    refuse(`a store that pools can write to, with the property journaling`, journal);
  }
  if (read(journal, 'size') !== undefined || read(journal, 'bytes') !== undefined) return;
  refuse(`${name} to be a store or to have a size or bytes`, journal);
}

export const checkClock: Check = checkOf(
  'an object with now(), setTimeout() and clearTimeout()',
  (clock) => hasMethods(clock, 'now', 'setTimeout', 'clearTimeout'),
);

/** Checks that it is a function or an observer. */
export function checkInspector(name: string, inspect: unknown): void {
  if (typeof inspect !== 'object' || inspect === null) checkFunction(name, inspect);
}

export function checkRetain(name: string, retain: unknown): void {
  if (retain === 'all' || retain === 'errors' || retain === 'none') return;
  if (typeof retain === 'number') checkCount(name, retain);
  else refuse(`${name} to be 'all', 'errors', 'none' or a number`, retain);
}

export function checkKeepResults(name: string, keep: unknown): void {
  if (typeof keep === 'boolean') return;
  const { maxBytes } = Object(keep) as { readonly maxBytes?: unknown };
  if (maxBytes === undefined) refuse(`${name} to be true, false or { maxBytes }`, keep);
  checkLimit(`${name}.maxBytes`, maxBytes);
}
