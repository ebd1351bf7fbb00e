/** Promises whose wait ends when a signal is aborted. */

import { onAbort, reasonOf } from './on-abort.ts';

/**
 * A promise that resolves when the subscription calls back, and rejects with the reason of the signal if that is
 * aborted first. It does not subscribe if the signal is already aborted.
 *
 * @param subscribe arranges for its argument to be called; returns a function that cancels that.
 */
export function abortable<T>(
  signal: AbortSignal | undefined,
  subscribe: (resolve: (value: T | PromiseLike<T>) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal === undefined) {
      subscribe(resolve);
      return;
    }
    if (signal.aborted) throw reasonOf(signal);
    let isSettled = false;
    let stopListening: (() => void) | undefined;
    const unsubscribe = subscribe((value) => {
      isSettled = true;
      stopListening?.();
      resolve(value);
    });
    if (isSettled) return;
    stopListening = onAbort(signal, (reason) => {
      unsubscribe();
      reject(reason);
    });
  });
}
