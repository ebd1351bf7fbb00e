/** Ending a process in the way that its signal would. */

import { constants } from 'node:os';

/** For how long a signal may take to end this process, in milliseconds. */
const PATIENCE = 200;

/**
 * Ends the process as a signal does that no one handles. A shell that runs it in a script then stops
 * the script, which it would not do for an exit code.
 */
export function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Process 1 of a container does not die of it.
  setTimeout(() => process.exit(128 + constants.signals[signal]), PATIENCE);
}
