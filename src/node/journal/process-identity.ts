/** Identifies processes even if their ids are reused. */

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The identity of a process. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it was started, as the system counts. Missing on systems without `/proc`. */
  readonly started?: string;
}

export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  const started = startOf(pid);
  return { pid, host: hostname(), ...(started === undefined ? {} : { started }) };
}

/** Whether a process may be alive. One on another host may. */
export function mayRun({ pid, host, started }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any other error: it exists, but belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (isZombie(pid)) return false;
  return started === undefined || started === (startOf(pid) ?? started);
}

/** Whether a process has ended but was not reaped by its parent yet. */
function isZombie(pid: number): boolean {
  return statOf(pid)?.[0] === 'Z';
}

/** Whether a process was started after the last boot of this system. */
export function isOfThisBoot({ host, started }: ProcessIdentity): boolean {
  return (
    host === hostname() &&
    started !== undefined &&
    bootOf(started) === bootOf(ownIdentity().started)
  );
}

function bootOf(started: string | undefined): string | undefined {
  return started?.split(' ')[0];
}

/** The id of the boot, and the time since then at which a process was started. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const ticks = statOf(pid)?.[19];
    return ticks === undefined ? undefined : `${boot} ${ticks}`;
  } catch {
    return undefined;
  }
}

/** The fields of `/proc/PID/stat` from the state on; undefined if it cannot be read. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program name, in parentheses, may contain any characters.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
