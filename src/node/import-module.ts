/** Importing modules whose exports no one knows. */

import { pathToFileURL } from 'node:url';

/** A module, inside of an object: a promise would take one that exports `then` for another promise. */
export interface ImportedModule {
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * Imports the module in a file. `import()` itself would call what it exports as `then` and wait for
 * that to call back, so it is imported by a module that hands its exports on in one piece.
 *
 * @param path absolute.
 */
export async function importModule(path: string): Promise<ImportedModule> {
  const url = JSON.stringify(pathToFileURL(path).href);
  const source = `import * as exports from ${url}; export { exports };`;
  try {
    return (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as ImportedModule;
  } catch (error) {
    outliveTwin(error);
    throw error;
  }
}

/**
 * When a CommonJS module throws, Node 20 also rejects a promise of its own, which no one can handle and
 * which would end the process.
 */
function outliveTwin(error: unknown): void {
  const onUnhandled = (reason: unknown) => {
    const isOurs = process.listenerCount('unhandledRejection') === 1;
    // Without a listener of ours it would be thrown.
    if (reason !== error && isOurs) throw reason;
  };
  process.on('unhandledRejection', onUnhandled);
  setImmediate(() => process.removeListener('unhandledRejection', onUnhandled));
}
