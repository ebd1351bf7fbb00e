/** Access to the controlling terminal of this process. */

import { closeSync, openSync } from 'node:fs';

/** Opens the terminal; the caller closes the descriptor. @throws if there is none. */
export function openTerminal(): number {
  return openSync('/dev/tty', 'r');
}

export function hasTerminal(): boolean {
  try {
    closeSync(openTerminal());
    return true;
  } catch {
    return false;
  }
}
