/** Abort listeners, any number per signal. Supports polyfilled signals without `reason` and `throwIfAborted`. */

import { rejected } from './promises.ts';
import { read } from './realms.ts';

/** All callbacks for one signal, and its only listener. */
interface Waiting {
  readonly callbacks: Set<(reason: unknown) => void>;
  readonly listener: () => void;
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `callback` with the reason when `signal` aborts; returns a function that prevents it. All callbacks of a
 * signal share one listener, since a signal searches all its listeners at each add and remove.
 */
export function onAbort(signal: AbortSignal, callback: (reason: unknown) => void): () => void {
  const { callbacks, listener } = waitingFor.get(signal) ?? listenTo(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0 || waitingFor.get(signal)?.listener !== listener) return;
    waitingFor.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}

/** Like {@link onAbort}, but calls back immediately if the signal is already aborted. */
export function whenAborted(signal: AbortSignal, callback: (reason: unknown) => void): () => void {
  if (!signal.aborted) return onAbort(signal, callback);
  callback(reasonOf(signal));
  return () => {};
}

/**
 * Calls all callbacks with the reason. An error of one does not affect the others and is reported as unhandled, like
 * that of a listener of a signal.
 */
export function callAll(callbacks: Iterable<(reason: unknown) => void>, reason: unknown): void {
  for (const callback of callbacks) {
    try {
      callback(reason);
    } catch (error) {
      void rejected(error);
    }
  }
}

/** The reason of an aborted signal; if it has none, that of `AbortController.abort()`. */
export function reasonOf(signal: AbortSignal): unknown {
  const reason = read(signal, 'reason');
  return reason === undefined ? abortError() : reason;
}

/** The reason of `AbortController.abort()` without an argument. */
export function abortError(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}

function listenTo(signal: AbortSignal): Waiting {
  const callbacks = new Set<(reason: unknown) => void>();
  // A closure over its signal, since not every platform calls a listener with `this`.
  const listener = (): void => {
    waitingFor.delete(signal);
    const reason = reasonOf(signal);
    for (const callback of callbacks) callback(reason);
  };
  const waiting = { callbacks, listener };
  signal.addEventListener('abort', listener, { once: true });
  waitingFor.set(signal, waiting);
  return waiting;
}
