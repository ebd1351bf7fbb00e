/** How many commands may run at once before the system refuses more, where it says so. */

import { readdirSync, readFileSync } from 'node:fs';

/** Each command takes two file descriptors while it runs, for its pipes. */
const DESCRIPTORS_PER_COMMAND = 2;
/** How many are kept for all else: files that are opened, and what starting a process takes. */
const SPARE_DESCRIPTORS = 32;
/** A shell, and what it runs. */
const PROCESSES_PER_COMMAND = 2;
/** How many are kept for commands that start more. */
const SPARE_PROCESSES = 8;
/** Counting the processes takes time: it is done if there may be less than this many for each command. */
const PLENTY = 8;

export interface SystemLimit {
  /** How many commands may run at once, at least one. */
  readonly commands: number;
  /** What there is not enough of for more. */
  readonly reason: string;
}

/**
 * The lowest limit; undefined if there is none, or none that is known.
 *
 * @param wanted how many commands are to run at once.
 * @param running how many run now.
 */
export function systemLimit(wanted: number, running: number): SystemLimit | undefined {
  const limits = [descriptorLimit(running), processLimit(wanted, running)].filter(
    (limit) => limit !== undefined,
  );
  return limits.sort((one, other) => one.commands - other.commands)[0];
}

function descriptorLimit(running: number): SystemLimit | undefined {
  const most = resourceLimit('open files');
  const inUse = attempt(() => readdirSync('/proc/self/fd').length);
  if (most === undefined || inUse === undefined) return undefined;
  const more = Math.floor((most - inUse - SPARE_DESCRIPTORS) / DESCRIPTORS_PER_COMMAND);
  const commands = running + more;
  return { commands: Math.max(1, commands), reason: `${most} open files (ulimit -n)` };
}

function processLimit(wanted: number, running: number): SystemLimit | undefined {
  // It does not hold for root.
  const most = process.getuid?.() === 0 ? undefined : resourceLimit('processes');
  if (most === undefined || most > wanted * PLENTY) return undefined;
  const inUse = numOwnThreads();
  if (inUse === undefined) return undefined;
  const more = Math.floor((most - inUse - SPARE_PROCESSES) / PROCESSES_PER_COMMAND);
  const commands = running + more;
  return { commands: Math.max(1, commands), reason: `${most} processes (ulimit -u)` };
}

function resourceLimit(name: string): number | undefined {
  const limits = attempt(() => readFileSync('/proc/self/limits', 'latin1'));
  const limit = new RegExp(`^Max ${name}\\s+(\\d+)`, 'm').exec(limits ?? '')?.[1];
  return limit === undefined ? undefined : Number(limit);
}

/** Threads of all processes of this user, which is what the limit of processes counts. */
function numOwnThreads(): number | undefined {
  const uid = process.getuid?.();
  return attempt(() => {
    let count = 0;
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? '';
      const isOwn = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]) === uid;
      if (isOwn) count += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
    }
    return count;
  });
}

/** What cannot be read is not known. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
