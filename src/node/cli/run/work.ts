/** What is done with an item. */

import type { TaskContext } from '../../../index.ts';
import type { CommandOutput } from './output/command-output.ts';

/**
 * Gives the result of an item, or a promise of it; what it throws is the item's failure.
 *
 * @param output takes what a command prints, whatever comes of it.
 */
export type Work = (item: unknown, context: TaskContext, output: CommandOutput) => unknown;

/** An item as the text that commands and messages show: what is no string is JSON. */
export function textOf(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}
