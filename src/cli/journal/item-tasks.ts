/** The tasks of a run: which item of the input each of them is for. */

import type { Json, PoolEvent } from '../../index.ts';

/** The group that all items of a run are in when it begins. */
export const ITEMS_GROUP = 'items';

const AGAIN = /^again-\d+$/;

/** An item, and its place in the input, from 0. */
export interface PlacedItem {
  readonly index: number;
  readonly item: unknown;
}

/** The group of items that are run again after they failed, the first of them being the first one. */
export function againGroup(number: number): string {
  return `again-${number}`;
}

/** Whether a group takes over all items that have failed before it was created. */
export function isAgainGroup(group: string): boolean {
  return AGAIN.test(group);
}

/** What a task was called with, as an item: those that are run again carry their place. */
export function placedItem(group: string, index: number, argument: unknown): PlacedItem {
  return isAgainGroup(group) && isPlaced(argument) ? argument : { index, item: argument };
}

function isPlaced(argument: unknown): argument is PlacedItem {
  return typeof argument === 'object' && argument !== null && 'index' in argument;
}

/** The item that a task was created for. */
export function itemOfTask(event: PoolEvent & { readonly type: 'task.queued' }): PlacedItem {
  return placedItem(event.group, event.index, event.item);
}

/** Whether an event takes over all failures: each of those items is run again. */
export function retriesFailed(event: PoolEvent): boolean {
  return event.type === 'group.created' && isAgainGroup(event.group);
}

/** The argument of a task of such a group. */
export function argumentOf({ index, item }: PlacedItem): Json {
  return { index, item: item as Json };
}
