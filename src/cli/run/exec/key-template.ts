/** `--key`: derives the key of an item from a template with placeholders. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { visible } from '../../visible.ts';
import { argumentsOf } from '../work/work.ts';
import { ANY_PLACEHOLDER, filled, isNumber } from './placeholders.ts';

const PLACEHOLDERS = new RegExp(`(${ANY_PLACEHOLDER.source})`);

/** Returns the key of an item. */
export type KeyOfItem = (item: unknown) => string;

/**
 * @param hasLists whether items are lists of values.
 * @throws CommandFailed for a template without a placeholder for the item.
 */
export function parseKey(template: string, hasLists: boolean): KeyOfItem {
  const placeholders = template.split(PLACEHOLDERS).filter((_, place) => place % 2 === 1);
  if (placeholders.length === 0 || placeholders.some(isNumber)) {
    throw new CommandFailed(
      ExitCode.usage,
      `expected a key with placeholders for the item, such as {//} or {1}, got ${visible(template)}`,
    );
  }
  return (item) => filled(template, argumentsOf(item, hasLists));
}
