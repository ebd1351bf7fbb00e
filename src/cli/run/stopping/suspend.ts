/** Ctrl-Z: commands, which are not in the foreground of the terminal, are stopped with the run. */

import type { Processes } from '../exec/processes.ts';
import { hasTerminal } from '../exec/terminal.ts';
import type { RunningTime } from '../items/running-time.ts';

/** How long commands may take to stop by themselves, in milliseconds. */
const GRACE = 50;
/** If the process has not been stopped by then, it is not going to be. */
const PATIENCE = 100;

/**
 * Stops time and commands when the process is stopped by SIGTSTP, and lets them run on with it.
 * Returns what undoes that.
 */
export function suspendOnSignals(time: RunningTime, processes: Processes | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const resume = () => {
    clearTimeout(timer);
    process.removeListener('SIGTSTP', suspend).on('SIGTSTP', suspend);
    processes?.pass('SIGCONT');
    time.continue();
  };
  const stop = () => {
    // A group without a shell above it, which is what each command leads, ignores SIGTSTP.
    processes?.pass('SIGSTOP');
    process.removeListener('SIGTSTP', suspend);
    timer = setTimeout(resume, PATIENCE);
    // Without a terminal only who has sent SIGTSTP can wake it up; and the system would ignore that signal.
    process.kill(process.pid, hasTerminal() ? 'SIGTSTP' : 'SIGSTOP');
  };
  const suspend = () => {
    clearTimeout(timer);
    time.stop();
    // Those that run commands themselves have to pass it on before they are stopped.
    processes?.pass('SIGTSTP');
    timer = setTimeout(stop, GRACE);
  };
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', resume);
  return () => {
    clearTimeout(timer);
    process.removeListener('SIGTSTP', suspend);
    process.removeListener('SIGCONT', resume);
  };
}
