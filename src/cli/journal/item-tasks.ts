/** Maps the tasks of a run to the items of its input. */

import type { Json, PoolEvent } from '../../index.ts';

/** The group of all items at the start of a run. */
export const ITEMS_GROUP = 'items';

const AGAIN = /^again-\d+$/;

/** An item and its index in the input, from 0. */
export interface PlacedItem {
  readonly index: number;
  readonly item: unknown;
}

/** The name of the group of the nth retry of failed items. */
export function againGroup(number: number): string {
  return `again-${number}`;
}

/** Whether a group retries all items that failed before it was created. */
export function isAgainGroup(group: string): boolean {
  return AGAIN.test(group);
}

/** Unwraps the argument of a task to its item; arguments of retries include the index. */
export function placedItem(group: string, index: number, argument: unknown): PlacedItem {
  return isAgainGroup(group) && isPlaced(argument) ? argument : { index, item: argument };
}

function isPlaced(argument: unknown): argument is PlacedItem {
  return typeof argument === 'object' && argument !== null && 'index' in argument;
}

/** The item for which a task was created. */
export function itemOfTask(event: PoolEvent & { readonly type: 'task.queued' }): PlacedItem {
  return placedItem(event.group, event.index, event.item);
}

/** Whether an event starts a retry of all failed items. */
export function retriesFailed(event: PoolEvent): boolean {
  return event.type === 'group.created' && isAgainGroup(event.group);
}

/** The argument of a retry's task. */
export function argumentOf({ index, item }: PlacedItem): Json {
  return { index, item: item as Json };
}
