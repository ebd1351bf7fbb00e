/** ES modules by `require()`, which takes Node half as long as `import()`: it reads no file in other threads. */

import { createRequire } from 'node:module';

type Exports = Readonly<Record<string, unknown>>;

/**
 * What an ES module exports, or undefined where only `import()` can say: for modules that wait at their
 * top level, for all that are not ES modules by their name, and where options of Node are given, which may
 * bring hooks that see imports alone.
 *
 * @param path absolute.
 * @throws what the module throws.
 */
export function requireModule(path: string): Exports | undefined {
  if (!path.endsWith('.mjs') || !isUsable()) return undefined;
  try {
    const exports: unknown = createRequire(path)(path);
    // A module can say that something else is to be required.
    return isNamespace(exports) ? exports : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_REQUIRE_ASYNC_MODULE')
      return undefined;
    throw error;
  }
}

function isUsable(): boolean {
  const { execArgv, env, features, version } = process;
  const hasOptions = execArgv.length > 0 || (env['NODE_OPTIONS'] ?? '') !== '';
  // That version warns of each.
  return features.require_module && !hasOptions && !version.startsWith('v22.12.');
}

function isNamespace(value: unknown): value is Exports {
  return Object.prototype.toString.call(value) === '[object Module]';
}
