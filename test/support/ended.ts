/** How processes end. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Resolves with the exit code of a process when it has ended, or null if a signal ended it: immediately if it already
 * has, when `once(child, 'exit')` would wait forever.
 */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (!isOver(child)) await once(child, 'exit');
  return child.exitCode;
}

/** Kills a process, and resolves when it has ended. */
export async function kill(child: ChildProcess): Promise<void> {
  if (!isOver(child)) child.kill('SIGKILL');
  await ended(child);
}

function isOver({ exitCode, signalCode, pid }: ChildProcess): boolean {
  // A process that could not be started has no id.
  return exitCode !== null || signalCode !== null || pid === undefined;
}
