/** The terminal that this process belongs to. */

import { closeSync, openSync } from 'node:fs';

/** Its file descriptor, to be closed. @throws if there is none. */
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
