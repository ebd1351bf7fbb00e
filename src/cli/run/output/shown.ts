/** What items hold, as it is written where a person may see it. */

import { printable } from '../../../printable/text.ts';
import { isTerminal, type STDERR, type STDOUT } from '../../descriptors.ts';
import { bytesOfText } from '../work/byte-text.ts';

/** A terminal would obey some of it; everybody else gets the bytes as they are. */
export function bytesFor(fd: typeof STDOUT | typeof STDERR, text: string): Buffer {
  return bytesOfText(isTerminal(fd) ? printable(text) : text);
}
