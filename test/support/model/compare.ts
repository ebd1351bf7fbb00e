/** Compares the outcome of a promise with the expected one. */

import { type Expected, isReason, type Observed } from './outcome.ts';

export function isRefusal(observed: Observed): boolean {
  const isRejected = observed.status === 'rejected';
  return isRejected && isReason({ code: 'ResultsNotRetained' }, observed.reason);
}

export function isAsExpected(expected: Expected, observed: Observed): boolean {
  if (expected.status === 'rejected') {
    return observed.status === 'rejected' && isReason(expected.reason, observed.reason);
  }
  if (expected.status === 'pending' || observed.status !== 'fulfilled') {
    return expected.status === observed.status;
  }
  return isSame(expected.value, observed.value);
}

/** Deep equality, in which expected results may contain kinds of reasons. */
function isSame(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, place) => isSame(each, actual[place]))
    );
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual);
  const given = Object(actual) as Record<string, unknown>;
  const keysOf = (value: object) => Object.keys(value).sort().join();
  return (
    keysOf(expected) === keysOf(given) &&
    Object.entries(expected).every(([key, value]) =>
      key === 'reason' ? isReason(value, given[key]) : isSame(value, given[key]),
    )
  );
}

export function show(state: Expected | Observed): string {
  if (state.status === 'pending') return 'pending';
  const value = state.status === 'fulfilled' ? state.value : state.reason;
  const text = value instanceof Error ? String(value) : JSON.stringify(value);
  return `${state.status} with ${text}`;
}
