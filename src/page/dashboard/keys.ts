/** Keys that work everywhere on the page, unless something is being typed. */

import { useLayoutEffect } from 'preact/hooks';
import type { Model, TabName } from './data/model.ts';
import { journalFailureOf } from './lists/troubles.tsx';

/** What keys do, and what the palette understands besides commands. */
export const HINTS: readonly (readonly [string, string])[] = [
  ['/ or Ctrl K', 'run any command'],
  ['1 – 6', 'groups, functions, tasks, failures, limits, events'],
  [', and .', 'one event back, one event on'],
  ['Space', 'play or stop, in the past'],
  ['L', 'back to live'],
  ['P', 'pause or resume the pool'],
  ['Esc', 'close, or deselect'],
  ['go SEQ', 'show everything as it was then'],
  ['show ID', 'select a task'],
  ['light, dark', 'choose the colours; or system'],
];

const TABS: readonly TabName[] = ['groups', 'functions', 'tasks', 'failures', 'limits', 'events'];

export function useKeys(model: Model): void {
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (press(model, event)) event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [model]);
}

/** @returns whether the key did something. */
function press(model: Model, event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') {
    model.isPaletteOpen.value = true;
    return true;
  }
  const isTyping = target instanceof Element && target.closest('input, select, dialog') !== null;
  if (isTyping || ctrlKey || metaKey || altKey) return false;
  const tab = TABS[Number(key) - 1];
  if (tab !== undefined) {
    model.open(tab);
    return true;
  }
  const { travel } = model;
  // Letters mean the same with Caps Lock.
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case '/':
      model.isPaletteOpen.value = true;
      return true;
    case ',':
    case '.':
      travel.step(key === ',' ? -1 : 1);
      return true;
    case ' ': {
      const isButton = target instanceof Element && target.closest('button, a') !== null;
      if (isButton || model.isLive.value) return false;
      if (travel.isPlaying.value) travel.pause();
      else travel.play();
      return true;
    }
    case 'l':
      travel.present();
      return true;
    case 'p':
      return togglePause(model);
    case 'Escape':
      if (model.task.value === undefined) model.selectGroup(undefined);
      model.select(undefined);
      return true;
    default:
      return false;
  }
}

function togglePause(model: Model): boolean {
  const live = model.live.value;
  if (!model.mayChange.value || model.isOffline.value || live === undefined) return false;
  if (journalFailureOf(live) !== undefined) return false;
  if (live.state.paused) model.actions.run('resume', {}, 'Resumed');
  else model.actions.run('pause', {}, 'Paused: no more tasks start');
  return true;
}
