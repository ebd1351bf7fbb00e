/** Loads ES modules with `require()`, which takes half as long as `import()`: Node then reads no files in threads. */

import { createRequire } from 'node:module';

type Exports = Readonly<Record<string, unknown>>;

/**
 * Returns the exports of an ES module, or undefined if it must be loaded with `import()`: because it awaits at the
 * top level, its file name does not end in `.mjs`, or Node was started with options, which may register hooks that
 * only apply to imports.
 *
 * @param path absolute.
 * @throws what the module throws.
 */
export function requireModule(path: string): Exports | undefined {
  if (!path.endsWith('.mjs') || !isUsable()) return undefined;
  try {
    const exports: unknown = createRequire(path)(path);
    // A module can define by an export what `require` returns instead of its namespace.
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
  // Node 22.12 prints a warning for each such module.
  return features.require_module && !hasOptions && !version.startsWith('v22.12.');
}

function isNamespace(value: unknown): value is Exports {
  return Object.prototype.toString.call(value) === '[object Module]';
}
