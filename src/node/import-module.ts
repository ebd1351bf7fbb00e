/** Imports modules with unknown exports. */

import { pathToFileURL } from 'node:url';

/** A module wrapped in an object: a module that exports `then` would be mistaken for a promise. */
export interface ImportedModule {
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * Imports the module in a file. `import()` itself would call an export named `then` and wait for its callback, so the
 * module is imported by a wrapper that exports it as one object.
 *
 * @param path absolute.
 */
export async function importModule(path: string): Promise<ImportedModule> {
  const url = JSON.stringify(pathToFileURL(path).href);
  const source = `import * as exports from ${url}; export { exports };`;
  try {
    return (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as ImportedModule;
  } catch (error) {
    ignoreSecondRejection(error);
    throw error;
  }
}

/**
 * When a CommonJS module throws, Node 20 also rejects an internal promise, which nobody can handle and which would
 * end the process.
 */
function ignoreSecondRejection(error: unknown): void {
  const onUnhandled = (reason: unknown) => {
    const isOurs = process.listenerCount('unhandledRejection') === 1;
    // Without another listener Node would have thrown it.
    if (reason !== error && isOurs) throw reason;
  };
  process.on('unhandledRejection', onUnhandled);
  setImmediate(() => process.removeListener('unhandledRejection', onUnhandled));
}
