/** Programs of the tests for pages: bundled for browsers, and served with whatever else a test serves. */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build, type Rollup } from 'vite';
import { ROOT } from '../built.ts';

/** The code of a program, with all that it imports. */
export async function bundleProgram(path: string): Promise<string> {
  const { output } = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: { 'xstate-taskpool/inspect': join(ROOT, 'src/inspect.ts') } },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: join(ROOT, path), output: { codeSplitting: false } },
    },
  })) as Rollup.RollupOutput;
  return output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
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
