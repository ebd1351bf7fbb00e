/** A function, or what it imports, may end the process: with exit code 0 that would pass for a run that is done. */

import { complaint } from '../../complaint.ts';
import { STDERR, writeTo } from '../../descriptors.ts';
import { ExitCode } from '../../exit.ts';

/** Has an end of the process be a failure until what is returned was called. */
export function refuseEarlyExit(): () => void {
  const onExit = (code: number) => {
    if (code !== ExitCode.fine) return;
    process.exitCode = ExitCode.failed;
    writeTo(STDERR, complaint('process.exit() was called before all was done'));
  };
  process.once('exit', onExit);
  return () => process.removeListener('exit', onExit);
}
