/**
 * Detects that a function, or a module that it imports, ends the process: exit code 0 would look like a completed
 * run.
 */

import { complaint } from '../../complaint.ts';
import { STDERR, writeTo } from '../../descriptors.ts';
import { ExitCode } from '../../exit.ts';

/** Makes any exit of the process a failure until the returned function is called. */
export function refuseEarlyExit(): () => void {
  const onExit = (code: number) => {
    if (code !== ExitCode.fine) return;
    process.exitCode = ExitCode.failed;
    writeTo(STDERR, complaint('process.exit() was called before all was done'));
  };
  process.once('exit', onExit);
  return () => process.removeListener('exit', onExit);
}
