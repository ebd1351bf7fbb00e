/** How processes end. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Resolves to its exit code, or null if a signal ended it, when a process is over: at once if it is
 * already, where `once(child, 'exit')` would wait for ever.
 */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (!isOver(child)) await once(child, 'exit');
  return child.exitCode;
}

/** Ends a process, and resolves when it is over. */
export async function kill(child: ChildProcess): Promise<void> {
  if (!isOver(child)) child.kill('SIGKILL');
  await ended(child);
}

function isOver({ exitCode, signalCode, pid }: ChildProcess): boolean {
  // One that could not be started has no id.
  return exitCode !== null || signalCode !== null || pid === undefined;
}
