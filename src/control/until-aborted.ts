/** Waiting that ends with a signal. */

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
    const giveUp = () => {
      if (!isDue()) reject(signal.reason);
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    const done = () => signal.removeEventListener('abort', giveUp);
    promise.finally(done).then(resolve, reject);
  });
}

/** Resolves when what was subscribed to calls back, or the signal is aborted. */
export function untilSettled(
  signal: AbortSignal,
  subscribe: (done: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      unsubscribe();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const unsubscribe = subscribe(finish);
    signal.addEventListener('abort', finish);
    if (signal.aborted) finish();
  });
}
