/** Imports functions of modules in the folders that a server allows. */

import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { inAnyCase } from '../../control/arguments/any-case.ts';
import { FunctionNotFound } from '../../control/errors.ts';
import { type ImportFunction, isRunnable } from '../../control/function-source.ts';
import { summarizeError } from '../../printable/error.ts';
import { printableName } from '../../printable/text.ts';
import { type ImportedModule, importModule } from '../import-module.ts';

/**
 * Imports `./folder/module.mjs:name` if the module is in one of the folders, after resolving symbolic links. Relative
 * paths start at the working directory.
 */
export function importFrom(folders: readonly string[]): ImportFunction {
  return async (reference) => {
    const colon = reference.lastIndexOf(':');
    const name = reference.slice(colon + 1);
    const module = await findModule(reference.slice(0, colon), folders);
    if (module === undefined) {
      throw new FunctionNotFound(
        `expected a module in ${folders.join(', ') || 'no folder'}, got '${printableName(reference)}'`,
      );
    }
    const { exports } = await load(module, reference);
    const known = inAnyCase(name, Object.keys(exports));
    const fn: unknown = Object.hasOwn(exports, known) ? exports[known] : undefined;
    if (isRunnable(fn)) return fn;
    throw new FunctionNotFound(
      `expected a function that the module exports, got '${printableName(reference)}'`,
    );
  };
}

/** The real path of a module, if it is inside the real path of one of the folders. */
async function findModule(path: string, folders: readonly string[]): Promise<string | undefined> {
  const module = await realPath(path);
  if (module === undefined) return undefined;
  for (const folder of folders) {
    const real = await realPath(folder);
    if (real !== undefined && isBelow(module, real)) return module;
  }
  return undefined;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

async function realPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(resolve(path));
  } catch {
    return undefined;
  }
}

async function load(module: string, reference: string): Promise<ImportedModule> {
  try {
    return await importModule(module);
  } catch (cause) {
    const why = summarizeError(cause).message;
    throw new FunctionNotFound(
      `expected a module that loads, got '${printableName(reference)}' (${why})`,
      {
        cause,
      },
    );
  }
}
