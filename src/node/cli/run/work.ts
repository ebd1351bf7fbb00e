/** What is done with an item. */

import type { TaskContext } from '../../../index.ts';

/** Gives the result of an item, or a promise of it; what it throws is the item's failure. */
export type Work = (item: unknown, context: TaskContext) => unknown;

/** An item as the text that commands and messages show: what is no string is JSON. */
export function textOf(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}
