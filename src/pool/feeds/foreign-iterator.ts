/** Iterators of users: what they return is checked, and errors they throw when closed are ignored. */

import { hasMethods, refuse } from '../../kit/checks.ts';
import { attempt } from '../../kit/promises.ts';

/** Checks that a source returned an iterator. */
export function opened<I>(iterator: I): I {
  if (!hasMethods(iterator, 'next')) refuse('the source to give an iterator with next()', iterator);
  return iterator;
}

/** Checks that an iterator returned an object, as `for` loops do. */
export function checked<T>(result: IteratorResult<T>): IteratorResult<T> {
  if (typeof result === 'object' && result !== null) return result;
  if (typeof result === 'function') return result;
  refuse('next() of the source to give an object', result);
}

/** Closes the iterator of a source. No caller waits for the outcome, so errors are ignored. */
export function stop(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  void attempt(
    () => iterator.return?.(),
    () => {},
  );
}
