/** Processes in which system calls fail, see `failing-calls.c`. */

import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './built.ts';

/** A system call that fails: the n-th on a path, and how. */
export interface Fault {
  readonly n: number;
  readonly error: keyof typeof constants.errno;
  /** How many successive calls fail; 0 for all following ones. Default: 1. */
  readonly times?: number;
  /** Whether the call transfers half of the data instead of failing. */
  readonly isShort?: boolean;
}

/**
 * Compiles the library that makes calls fail into a folder; undefined without a compiler, or on another system than
 * Linux.
 */
export function failingCalls(folder: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = join(folder, 'failing-calls.so');
  const source = join(ROOT, 'test/support/failing-calls.c');
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  return status === 0 ? library : undefined;
}

/** The environment of a process in which calls on a path fail, and are listed in a file. */
export function faultEnv(
  library: string,
  path: string,
  { fault, log }: { readonly fault?: Fault; readonly log?: string },
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LD_PRELOAD: library,
    FAULT_PATH: path,
    ...(log !== undefined && { FAULT_LOG: log }),
    ...(fault !== undefined && {
      FAULT_N: String(fault.n),
      FAULT_TIMES: String(fault.times ?? 1),
      FAULT_ERRNO: String(constants.errno[fault.error]),
      ...(fault.isShort === true && { FAULT_SHORT: '1' }),
    }),
  };
}
