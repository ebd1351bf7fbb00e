/** Formats error messages for stderr. */

import { printable } from '../printable/text.ts';
import { PREFIX } from './exit.ts';

/**
 * A message for stderr with prefix and newline. It may contain untrusted names and messages, so it is made safe to
 * print.
 */
export function complaint(text: string): string {
  return `${PREFIX}${printable(text)}\n`;
}
