/**
 * Ctrl-Z: suspends the commands together with the run, since they are not in the foreground group of the terminal.
 */

import type { Processes } from '../exec/processes.ts';
import { hasTerminal } from '../exec/terminal.ts';
import type { RunningTime } from '../items/running-time.ts';

/** Milliseconds that commands have to stop by themselves. */
const GRACE = 50;
/** Milliseconds after which the process is assumed not to be stopped. */
const PATIENCE = 100;

/**
 * On SIGTSTP stops the clock and the commands, and resumes them with the process. Returns a function that removes the
 * handlers.
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
    // A group without a parent shell in its session, such as each command leads, ignores SIGTSTP.
    processes?.pass('SIGSTOP');
    process.removeListener('SIGTSTP', suspend);
    timer = setTimeout(resume, PATIENCE);
    // Without a terminal the system would ignore SIGTSTP; only its sender can then resume the process.
    process.kill(process.pid, hasTerminal() ? 'SIGTSTP' : 'SIGSTOP');
  };
  const suspend = () => {
    clearTimeout(timer);
    time.stop();
    // Commands that run commands themselves must forward it before they are stopped.
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
