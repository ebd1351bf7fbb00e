/** What stderr gets when something is wrong. */

import { printable } from '../printable/text.ts';
import { PREFIX } from './exit.ts';

/** A message for stderr, with its newline. Names and messages in it may come from anywhere. */
export function complaint(text: string): string {
  return `${PREFIX}${printable(text)}\n`;
}
