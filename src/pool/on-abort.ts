/** Waiting for a signal, however many do. */

const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when `signal` aborts; returns how to prevent it. However many wait under one
 * signal, it gets one listener: a signal searches all its listeners at each add and remove.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = callbacksOf.get(signal) ?? new Set();
  if (callbacks.size === 0) {
    callbacksOf.set(signal, callbacks);
    signal.addEventListener('abort', runCallbacks, { once: true });
  }
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0) return;
    callbacksOf.delete(signal);
    signal.removeEventListener('abort', runCallbacks);
  };
}

function runCallbacks(this: AbortSignal): void {
  for (const callback of callbacksOf.get(this) ?? []) callback();
  callbacksOf.delete(this);
}
