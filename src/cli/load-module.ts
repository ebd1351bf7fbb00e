/** Modules that a user names on a command line. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ImportedModule, importModule } from '../node/import-module.ts';
import { printableError } from '../printable/error.ts';
import { readError } from '../printable/error-fields.ts';
import { CommandFailed, ExitCode } from './exit.ts';

/** The first place in a stack that is in a module, and not inside of Node. */
const PLACE = /\bfile:\/\/([^\s()]+?:\d+(?::\d+)?)(?![\d:])/;

/** @throws CommandFailed for a module that is not there. @param hint what to do, for the message. */
export function checkModule(path: string, hint = ''): void {
  if (existsSync(path)) return;
  throw new CommandFailed(ExitCode.usage, `expected a module that exists, got ${path}${hint}`);
}

/** @throws CommandFailed with what it throws, and where, in one line. */
export async function loadModule(path: string): Promise<ImportedModule> {
  checkModule(path);
  try {
    return await importModule(resolve(path));
  } catch (error) {
    const [, place] = PLACE.exec(readError(error)?.stack ?? '') ?? [];
    const text = `${printableError(error)}${place === undefined ? '' : ` (${decodeURI(place)})`}`;
    throw new CommandFailed(ExitCode.usage, `expected a module that loads, got ${path}: ${text}`);
  }
}
