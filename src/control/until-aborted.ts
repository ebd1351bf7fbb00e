/** Waiting that ends with a signal. */

import { onAbort, whenAborted } from '../kit/on-abort.ts';

/**
 * What a promise comes to, unless the signal is aborted first; what is waited for continues.
 *
 * @param isDue whether the promise is about to settle anyway, so that it need not be given up.
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

/** Resolves when what it subscribes to calls back, or the signal is aborted. */
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
