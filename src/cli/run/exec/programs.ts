/** Checks whether a program exists: without it no item can succeed. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { visible } from '../../visible.ts';

/** The program does not exist, so trying other items is pointless. */
export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing';
}

/** @throws CommandFailed unless a shell would find the program. */
export function checkProgram(program: string): void {
  if (hasProgram(program)) return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected a program that exists, got ${visible(program)}`,
  );
}

/** Whether a shell would find a program: at its path, or in the folders of `PATH`. */
export function hasProgram(program: string): boolean {
  if (program.includes('/')) return isExecutable(program);
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder === '' ? '.' : folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
