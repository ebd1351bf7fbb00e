/** Iterators of users: what they return is checked, and errors they throw when closed are ignored. */

import { hasMethods, refuse } from '../../kit/checks.ts';
import { attempt } from '../../kit/promises.ts';

/** What a source gives when it is iterated, if that is an iterator. */
export function opened<I>(iterator: I): I {
  if (!hasMethods(iterator, 'next')) refuse('the source to give an iterator with next()', iterator);
  return iterator;
}

/** What an iterator answered, if it is an object, as the loops of the language ask for. */
export function checked<T>(result: IteratorResult<T>): IteratorResult<T> {
  if (typeof result === 'object' && result !== null) return result;
  if (typeof result === 'function') return result;
  refuse('next() of the source to give an object', result);
}

/** Closes the iterator of a source. Nobody waits for the outcome any more, so it is ignored. */
export function stop(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  void attempt(
    () => iterator.return?.(),
    () => {},
  );
}
