/** Bundles programs of tests for browsers, and serves them together with other files of a test. */

import { createServer, type RequestListener } from 'node:http';
import { isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from '../built.ts';

/** Programs import the sources of the library. */
const alias = Object.fromEntries(
  Object.entries({
    '/inspect': 'inspect.ts',
    '/machines': 'machines/index.ts',
    '': 'index.ts',
  }).map(([name, path]) => [`xstate-taskpool${name}`, join(ROOT, 'src', path)]),
);

export interface Bundle {
  /** The program with all its imports. */
  readonly code: string;
  /** The Node modules that it imports. */
  readonly builtins: readonly string[];
}

/** Bundles a program for browsers; its path is relative to the root. */
export async function bundleProgram(path: string): Promise<Bundle> {
  const builtins: string[] = [];
  const bundle = await rolldown({
    cwd: ROOT,
    input: path,
    platform: 'browser',
    logLevel: 'silent',
    resolve: { alias },
    transform: { target: 'es2022', define: { 'process.env.NODE_ENV': "'production'" } },
    plugins: [
      {
        name: 'watch-builtins',
        resolveId(id) {
          if (isBuiltin(id)) builtins.push(id);
        },
      },
    ],
  });
  const { output } = await bundle.generate({ codeSplitting: false, minify: true });
  await bundle.close();
  return { code: output[0].code, builtins };
}

export interface Served extends AsyncDisposable {
  /** `http://127.0.0.1:41273` */
  readonly url: string;
}

/** A server on a free port. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
