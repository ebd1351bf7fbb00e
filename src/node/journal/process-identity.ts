/** Telling a process that still runs from one whose number was given to another. */

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, for all times. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it was started, as the system counts. Unknown to systems without `/proc`. */
  readonly started?: string;
}

export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  const started = startOf(pid);
  return { pid, host: hostname(), ...(started === undefined ? {} : { started }) };
}

/** Whether a process may still run. One on another host may. */
export function mayRun({ pid, host, started }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Otherwise it is there, but someone else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (isZombie(pid)) return false;
  return started === undefined || started === (startOf(pid) ?? started);
}

/** Whether a process has ended and its parent has not taken note of it yet. */
function isZombie(pid: number): boolean {
  return statOf(pid)?.[0] === 'Z';
}

/** Whether the system has not been started anew since a process was. */
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

/** The boot, and the time since then at which a process was started. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const ticks = statOf(pid)?.[19];
    return ticks === undefined ? undefined : `${boot} ${ticks}`;
  } catch {
    return undefined;
  }
}

/** What the system says of a process, from its state on; undefined if it says nothing. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
