/** Loads modules that a user names on a command line. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ImportedModule, importModule } from '../node/import-module.ts';
import { printableError } from '../printable/error.ts';
import { readError } from '../printable/error-fields.ts';
import { CommandFailed, ExitCode } from './exit.ts';
import { requireModule } from './require-module.ts';
import { visible } from './visible.ts';

/** The first frame of a stack that is in a module instead of Node. */
const PLACE = /(?<![^\s(])file:\/\/([^\s()]+?:\d+(?::\d+)?)(?![\d:])/;

/** The place of a syntax error in a CommonJS module, with which its stack begins. */
const SYNTAX_PLACE = /^(\S.*:\d+)\n/;

/** The internal importer of the user's module, removed from messages. */
const IMPORTER = / imported from data:\S+/;

/**
 * @param hint returns advice appended to the message. @throws CommandFailed if the module does not exist.
 */
export function checkModule(path: string, hint = () => ''): void {
  if (existsSync(path)) return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected a module that exists, got ${visible(path)}${hint()}`,
  );
}

/** Imports a module. @throws CommandFailed with the error of the module and its place, on one line. */
export async function loadModule(path: string): Promise<ImportedModule> {
  checkModule(path);
  const refusal = (why: string) =>
    new CommandFailed(ExitCode.usage, `expected a module that loads, got ${visible(path)}: ${why}`);
  const stuck = refusal('at its top level it waits for something that never comes');
  try {
    const exports = requireModule(resolve(path));
    if (exports !== undefined) return { exports };
    return await unlessStuck(importModule(resolve(path)), stuck);
  } catch (error) {
    if (error === stuck) throw stuck;
    const place = await placeOf(error, path);
    const message = printableError(error).replace(IMPORTER, '');
    throw refusal(place === undefined ? message : `${message} (${place})`);
  }
}

/** Rejects when nothing keeps the process alive any more: Node would exit with code 0 as if all were done. */
function unlessStuck<T>(promise: Promise<T>, error: Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const onStuck = () => reject(error);
    process.once('beforeExit', onStuck);
    promise.then(resolve, reject).finally(() => process.removeListener('beforeExit', onStuck));
  });
}

async function placeOf(error: unknown, path: string): Promise<string | undefined> {
  const { name, message = '', stack = '' } = readError(error) ?? {};
  const [, place] = PLACE.exec(stack) ?? [];
  if (place !== undefined) return decodeURIComponent(place);
  if (name !== 'SyntaxError') return undefined;
  const [, line] = SYNTAX_PLACE.exec(stack) ?? [];
  if (line !== undefined) return line;
  const { syntaxPlace } = await import('./syntax-place.ts');
  return syntaxPlace(path, message);
}
