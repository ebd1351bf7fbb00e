/** Ends a process as if by a signal. */

import { constants } from 'node:os';

/** Milliseconds for a signal to end this process. */
const PATIENCE = 200;

/** Ends the process by an unhandled signal. A shell script then stops too, which it would not do for an exit code. */
export function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // A signal does not end process 1 of a container.
  setTimeout(() => process.exit(128 + constants.signals[signal]), PATIENCE);
}
