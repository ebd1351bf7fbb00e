/** Schedules repaints of the stream. Each function repaints until the returned function is called. */

import { effect, type Signal } from '@preact/signals';

/** Milliseconds between two repaints for users who prefer reduced motion. */
const CALM = 1000;

/** Repaints in each animation frame. */
export function withEachFrame(paint: () => void): () => void {
  let request = requestAnimationFrame(function next() {
    request = requestAnimationFrame(next);
    paint();
  });
  return () => cancelAnimationFrame(request);
}

/** Repaints periodically, and when a signal has changed; the browser produces no frames in between. */
export function calmly(paint: () => void, signals: readonly Signal<unknown>[]): () => void {
  let request = 0;
  const soon = (): void => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(paint);
  };
  const timer = setInterval(soon, CALM);
  const end = effect(() => {
    for (const signal of signals) void signal.value;
    soon();
  });
  return () => {
    clearInterval(timer);
    end();
    cancelAnimationFrame(request);
  };
}
