/** Waits that end when a signal is aborted. */

import { onAbort, whenAborted } from '../kit/on-abort.ts';

/**
 * Settles like the promise, or rejects when the signal is aborted first; the awaited work continues.
 *
 * @param isDue whether the promise is about to settle anyway, so that an abort is ignored.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  isDue: () => boolean = () => false,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = whenAborted(signal, (reason) => {
      if (!isDue()) reject(reason);
    });
    promise.finally(stopListening).then(resolve, reject);
  });
}

/** Resolves when the subscription calls back, or the signal is aborted. */
export function untilCalled(
  signal: AbortSignal,
  subscribe: (done: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      unsubscribe();
      stopListening();
      resolve();
    };
    const unsubscribe = subscribe(finish);
    const stopListening = onAbort(signal, finish);
    if (signal.aborted) finish();
  });
}
