/** Abort listeners, any number per signal. Supports polyfilled signals without `reason` and `throwIfAborted`. */

import { rejected } from './promises.ts';
import { read } from './realms.ts';

/** All that wait for one signal, and the one listener that it has for all of them. */
interface Waiting {
  readonly callbacks: Set<(reason: unknown) => void>;
  readonly listener: () => void;
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `callback` with the reason when `signal` aborts; returns how to prevent it. However many wait for one
 * signal, it gets one listener: a signal searches all its listeners at each add and remove.
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

/** As {@link onAbort}; of a signal that is aborted already, it calls back at once. */
export function whenAborted(signal: AbortSignal, callback: (reason: unknown) => void): () => void {
  if (!signal.aborted) return onAbort(signal, callback);
  callback(reasonOf(signal));
  return () => {};
}

/**
 * Calls all of them with the reason. One that throws keeps nobody else from being called: its error is reported as
 * unhandled, much as that of a listener of a signal is.
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

/** Why a signal was aborted: what it says, or else what `AbortController.abort()` aborts with. */
export function reasonOf(signal: AbortSignal): unknown {
  const reason = read(signal, 'reason');
  return reason === undefined ? abortError() : reason;
}

/** What `AbortController.abort()` aborts with. */
export function abortError(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}

function listenTo(signal: AbortSignal): Waiting {
  const callbacks = new Set<(reason: unknown) => void>();
  // It knows its signal by itself: not every platform calls a listener with `this`.
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
