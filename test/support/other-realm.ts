/** The library as under Jest: in a realm with its own `Error`, `Promise` and `Set`. */

import { build, type Plugin, type Rollup } from 'vite';

/** The globals of the platform in the context, in addition to those of the language. */
const PLATFORM = ['AbortController', 'AbortSignal', 'DOMException', 'MessageChannel', 'console'];
/** Errors that tests recognise by their class. */
const SHARED = ['TypeError', 'RangeError', 'AggregateError'];

/** Loads a module and all its imports in a `vm` context wherever a test imports it by `name`. */
export function otherRealm(name: string, entry: string): Plugin {
  const id = `\0other-realm:${name}`;
  let loaded: Promise<string> | undefined;
  return {
    name: 'other-realm',
    enforce: 'pre',
    resolveId: (source) => (source === name ? id : undefined),
    load: (wanted) => {
      if (wanted !== id) return undefined;
      loaded ??= moduleOf(entry);
      return loaded;
    },
  };
}

async function moduleOf(entry: string): Promise<string> {
  const [output] = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'library' },
    },
  })) as Rollup.RolldownOutput[];
  const { code, exports } = output!.output[0];
  return `
    import { createContext, runInContext } from 'node:vm';
    const { ${[...PLATFORM, ...SHARED].join(', ')} } = globalThis;
    const context = createContext({ ${[...PLATFORM, ...SHARED].join(', ')} });
    const library = runInContext(${JSON.stringify(`${code}\nlibrary`)}, context);
    export const { ${exports.join(', ')} } = library;
  `;
}
