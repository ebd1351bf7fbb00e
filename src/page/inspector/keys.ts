/**
 * Keyboard shortcuts: space pauses, arrows step, `f` expands the chart, Esc leaves that or the past, `/` searches.
 */

import { useEffect } from 'preact/hooks';
import type { Model } from './data/model.ts';

/** Elements that handle every key themselves. */
const TYPED = 'input, select, textarea';
/** Keys that some controls handle themselves. */
const PRESSED: ReadonlyMap<string, string> = new Map([
  [' ', 'button, summary'],
  ['ArrowLeft', '[role="tab"]'],
  ['ArrowRight', '[role="tab"]'],
]);

export function useKeys(model: Model): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && isTaken(event.target, event.key)) return;
      if (act(model, event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [model]);
}

function isTaken(target: Element, key: string): boolean {
  const pressed = PRESSED.get(key);
  return target.matches(TYPED) || (pressed !== undefined && target.matches(pressed));
}

function act(model: Model, key: string): boolean {
  const { pausedAt, isExpanded } = model;
  if (key === ' ') pausedAt.value === undefined ? model.pause() : model.resume();
  else if (key === 'ArrowLeft') model.step(-1);
  else if (key === 'ArrowRight') model.step(1);
  else if (key === 'Escape' && isExpanded.value) isExpanded.value = false;
  else if (key === 'Escape') model.resume();
  else if (key === 'f') isExpanded.value = !isExpanded.value;
  else if (key === '/') document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
  else return false;
  return true;
}
