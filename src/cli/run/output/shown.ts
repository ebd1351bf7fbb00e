/** Prepares the text of items for output. */

import { printable } from '../../../printable/text.ts';
import { isTerminal, type STDERR, type STDOUT } from '../../descriptors.ts';
import { bytesOfText } from '../work/byte-text.ts';

/** Escapes control characters for a terminal, which would interpret them; other readers get the original bytes. */
export function bytesFor(fd: typeof STDOUT | typeof STDERR, text: string): Buffer {
  return bytesOfText(isTerminal(fd) ? printable(text) : text);
}
