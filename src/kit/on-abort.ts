/** Waiting for a signal, however many do. */

/** All that wait for one signal, and the one listener that it has for all of them. */
interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `callback` when `signal` aborts; returns how to prevent it. However many wait for one
 * signal, it gets one listener: a signal searches all its listeners at each add and remove.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, listener } = waitingFor.get(signal) ?? listenTo(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0 || waitingFor.get(signal)?.listener !== listener) return;
    waitingFor.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}

/** As {@link onAbort}; of a signal that is aborted already, it calls back at once. */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  if (!signal.aborted) return onAbort(signal, callback);
  callback();
  return () => {};
}

function listenTo(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  // It knows its signal by itself: not every platform calls a listener with `this`.
  const listener = (): void => {
    waitingFor.delete(signal);
    for (const callback of callbacks) callback();
  };
  const waiting = { callbacks, listener };
  waitingFor.set(signal, waiting);
  signal.addEventListener('abort', listener, { once: true });
  return waiting;
}
