/** Modules that a user names on a command line. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ImportedModule, importModule } from '../node/import-module.ts';
import { printableError } from '../printable/error.ts';
import { readError } from '../printable/error-fields.ts';
import { CommandFailed, ExitCode } from './exit.ts';

/** The first place in a stack that is in a module, and not inside of Node. */
const PLACE = /(?<![^\s(])file:\/\/([^\s()]+?:\d+(?::\d+)?)(?![\d:])/;

/** Where the syntax of a CommonJS module is wrong, which its stack begins with. */
const SYNTAX_PLACE = /^(\S.*:\d+)\n/;

/** By whom a module is imported that imports what a user named: no one has heard of that. */
const IMPORTER = / imported from data:\S+/;

/** @throws CommandFailed for a module that is not there. @param hint what to do, for the message. */
export function checkModule(path: string, hint = ''): void {
  if (existsSync(path)) return;
  throw new CommandFailed(ExitCode.usage, `expected a module that exists, got ${path}${hint}`);
}

/** @throws CommandFailed with what it throws, and where, in one line. */
export async function loadModule(path: string): Promise<ImportedModule> {
  checkModule(path);
  const refusal = (why: string) =>
    new CommandFailed(ExitCode.usage, `expected a module that loads, got ${path}: ${why}`);
  const stuck = refusal('at its top level it waits for something that never comes');
  try {
    return await unlessStuck(importModule(resolve(path)), stuck);
  } catch (error) {
    if (error === stuck) throw stuck;
    const place = await placeOf(error, path);
    const message = printableError(error).replace(IMPORTER, '');
    throw refusal(place === undefined ? message : `${message} (${place})`);
  }
}

/** Rejects when nothing is left that keeps the process alive: it would end as if all were done. */
function unlessStuck<T>(promise: Promise<T>, error: Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const onStuck = () => reject(error);
    process.once('beforeExit', onStuck);
    promise.then(resolve, reject).finally(() => process.removeListener('beforeExit', onStuck));
  });
}

async function placeOf(error: unknown, path: string): Promise<string | undefined> {
  const { name, stack = '' } = readError(error) ?? {};
  const [, place] = PLACE.exec(stack) ?? [];
  if (place !== undefined) return decodeURIComponent(place);
  if (name !== 'SyntaxError') return undefined;
  const [, line] = SYNTAX_PLACE.exec(stack) ?? [];
  if (line !== undefined) return line;
  const { syntaxPlace } = await import('./syntax-place.ts');
  return syntaxPlace(path);
}
