/** When the stream is painted. Each function calls another one until what it returns is called. */

import { effect, type Signal } from '@preact/signals';

/** How often it is painted for people who prefer reduced motion, in milliseconds. */
const CALM = 1000;

/** With each frame. */
export function withEachFrame(paint: () => void): () => void {
  let request = requestAnimationFrame(function next() {
    request = requestAnimationFrame(next);
    paint();
  });
  return () => cancelAnimationFrame(request);
}

/** Now and then, and when one of some signals has changed: between them the browser makes no frames at all. */
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
