/** The core on each runtime that it is made for: the same self-test, of the packed package. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/page/chromium.ts';
import { APP, binaryOf, NODES, nodeOf } from './installed.ts';
import { CHECKS, type Findings } from './self-test.ts';

const run = promisify(execFile);

/** How each runtime is had to make the self-test. */
const RUNTIMES: Record<string, () => Promise<Findings>> = {
  ...Object.fromEntries(NODES.map((tag) => [`Node ${tag}`, () => inProcess(nodeOf(tag))])),
  Deno: () => inProcess(binaryOf('@deno', 'deno'), 'run', '--no-lock', '--node-modules-dir=manual'),
  Bun: () => inProcess(binaryOf('@oven', 'bin/bun')),
  workerd: inWorkerd,
  'Chromium, a page': () => inChromium('page', 'globalThis.findings'),
  'Chromium, a worker': () =>
    inChromium(
      'web-worker',
      `new Promise((resolve, reject) => {
        const worker = new Worker('/web-worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = reject;
      })`,
    ),
};

describe.each(Object.entries(RUNTIMES))('%s', (_, make) => {
  let findings: Findings;

  beforeAll(async () => {
    findings = await make();
  });

  test.each(CHECKS)('%s', (check) => {
    expect(findings[check]).toBeNull();
  });
});

/** Each finds the package as it finds any other, in `node_modules`. */
async function inProcess(binary: string, ...args: string[]): Promise<Findings> {
  const path = join(APP, 'process.js');
  await writeFile(path, await bundle('process', ['xstate-taskpool']));
  const { stdout, stderr } = await run(binary, [...args, path], { cwd: APP });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Findings;
}

async function inWorkerd(): Promise<Findings> {
  const { Miniflare } = createRequire(join(APP, 'package.json'))('miniflare') as Miniflares;
  const worker = new Miniflare({
    modules: true,
    script: await bundle('workerd'),
    compatibilityDate: '2026-01-01',
  });
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    return (await response.json()) as Findings;
  } finally {
    await worker.dispose();
  }
}

/** As much of miniflare as is used here. */
interface Miniflares {
  readonly Miniflare: new (
    options: object,
  ) => {
    dispatchFetch(url: string): Promise<{ json(): Promise<unknown> }>;
    dispose(): Promise<void>;
  };
}

async function inChromium(program: string, expression: string): Promise<Findings> {
  const code = await bundle(program);
  const server = createServer(({ url }, response) => {
    const isCode = url === `/${program}.js`;
    const page = program === 'page' ? '<script type="module" src="/page.js"></script>' : '<p>';
    response
      .writeHead(200, { 'content-type': isCode ? 'text/javascript' : 'text/html' })
      .end(isCode ? code : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(urlOf(server));
    return await page.evaluate<Findings>(expression);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A program of `programs/` with the package that is installed aside, unless it is left external. */
async function bundle(program: string, external: string[] = []): Promise<string> {
  const isExternal = (id: string) =>
    external.some((name) => id === name || id.startsWith(`${name}/`));
  const input = join(import.meta.dirname, `programs/${program}.ts`);
  const bundled = await rolldown({
    input,
    platform: 'browser',
    external: isExternal,
    resolve: { modules: [join(APP, 'node_modules')] },
  });
  // One file: the runtimes are given nothing else.
  const { output } = await bundled.generate({ codeSplitting: false });
  await bundled.close();
  return output[0].code;
}
