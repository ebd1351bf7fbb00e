/** Keyboard shortcuts of the page, inactive while the user is typing. */

import { useLayoutEffect } from 'preact/hooks';
import type { Model, TabName } from './data/model.ts';
import { journalFailureOf } from './lists/troubles.tsx';

/** The keys, and the commands of the palette besides those of the pool. */
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

/**
 * @returns whether the key was handled.
 */
function press(model: Model, event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') {
    model.isPaletteOpen.value = true;
    return true;
  }
  if (ctrlKey || metaKey || altKey || isTyped(target)) return false;
  const tab = TABS[Number(key) - 1];
  if (tab !== undefined) {
    model.open(tab);
    return true;
  }
  const { travel } = model;
  // Letters work with Caps Lock too.
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

/** Whether a key belongs to the focused element. */
function isTyped(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog, input, select') !== null;
}

/**
 * @returns whether the request was sent or the user was notified why not.
 */
function togglePause(model: Model): boolean {
  const { actions, mayChange, isOffline, isLive, greeting } = model;
  const live = model.live.value;
  if (live === undefined || greeting.value?.readOnly !== false) return false;
  if (isOffline.value) actions.say('Nothing was changed: there is no connection', true);
  else if (!isLive.value)
    actions.say('Nothing was changed: this is the past. L leads to live', true);
  else if (!mayChange.value || journalFailureOf(live) !== undefined) return false;
  else void actions.togglePause(live.state.paused);
  return true;
}
