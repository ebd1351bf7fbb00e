/** What keys do: the space bar pauses, arrows step, `f` expands the chart, `/` searches. */

import { useEffect } from 'preact/hooks';
import type { Model } from './data/model.ts';

/** Where keys mean something else. */
const TAKEN = 'input, select, textarea, button, summary, [role="tab"]';

export function useKeys(model: Model): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.matches(TAKEN)) return;
      if (act(model, event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [model]);
}

function act(model: Model, key: string): boolean {
  if (key === ' ') model.pausedAt.value === undefined ? model.pause() : model.resume();
  else if (key === 'ArrowLeft') model.step(-1);
  else if (key === 'ArrowRight') model.step(1);
  else if (key === 'Escape') model.resume();
  else if (key === 'f') model.isExpanded.value = !model.isExpanded.value;
  else if (key === '/') document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
  else return false;
  return true;
}
