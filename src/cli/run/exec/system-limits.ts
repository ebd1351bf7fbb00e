/** Computes how many commands may run concurrently before the system refuses more, where it publishes its limits. */

import { readdirSync, readFileSync } from 'node:fs';

/** File descriptors per running command, for its pipes. */
const DESCRIPTORS_PER_COMMAND = 2;
/** Descriptors reserved for everything else: opened files, and starting a process. */
const SPARE_DESCRIPTORS = 32;
/** Processes per command: a shell, and the program that it runs. */
const PROCESSES_PER_COMMAND = 2;
/** Processes reserved for commands that start more. */
const SPARE_PROCESSES = 8;
/** Counting processes takes time, so it is skipped if the limit allows this many per command. */
const PLENTY = 8;

export interface SystemLimit {
  /** The number of commands that may run concurrently, at least one. */
  readonly commands: number;
  /** The limiting resource. */
  readonly reason: string;
}

/**
 * The lowest limit; undefined if there is none, or none is known.
 *
 * @param wanted the number of commands wanted concurrently.
 * @param running the number of commands running now.
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
  // The limit does not apply to root.
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

/** The threads of all processes of this user, which is what the limit counts. */
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

/** Returns undefined if reading fails. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
