/** What becomes of work that was going on when its process died. */

import { ACTIVE, QUEUED } from '../../machines/charts.ts';
import type { Group, Task } from '../engine/live.ts';
import { isCallIncomplete } from '../storing/storing.ts';
import { optionsOfGroup, type RecoveryOptions, sourceOfGroup } from './recovery-options.ts';

/** Whether a task is to be run again, or to be given up: it may have run, and has not ended. */
export function isInterrupted({ state, group }: Task): boolean {
  return (state === QUEUED || state === ACTIVE) && group.source !== 'cancelled';
}

/** Whether an interrupted task of a group is to be run again. */
export function isRetried({ name }: Group, options: RecoveryOptions): boolean {
  return (optionsOfGroup(options, name).onInterrupted ?? options.onInterrupted) !== 'fail';
}

/** Whether the call of a group never was: the process died within it, and nobody has the rest. */
export function isDropped(group: Group, options: RecoveryOptions): boolean {
  return isCallIncomplete(group) && sourceOfGroup(options, group.name) === undefined;
}
