/** For how many commands at once there are file descriptors. */

import { readdirSync, readFileSync } from 'node:fs';

/** Each command takes as many while it runs, for its two pipes. */
const PER_COMMAND = 2;
/** So many are kept for all else: files that are opened, and what starting a process takes. */
const RESERVE = 32;

export interface DescriptorLimit {
  /** How many commands may run at once, at least one. */
  readonly commands: number;
  /** How many files the process may have open. */
  readonly files: number;
}

/** Undefined where the system does not say, or sets no limit. */
export function descriptorLimit(): DescriptorLimit | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1');
    const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN);
    const open = readdirSync('/proc/self/fd').length;
    const commands = Math.max(1, Math.floor((files - open - RESERVE) / PER_COMMAND));
    return Number.isNaN(files) ? undefined : { commands, files };
  } catch {
    return undefined;
  }
}
