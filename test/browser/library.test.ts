/** The library in a browser: bundled, without a builtin of Node, and run in Chromium. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleProgram } from '../support/page/bundle.ts';
import { findChromium, type Opened, sharedChromium, takePage } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';
import type { ActorMode } from '../support/pools.ts';
import type { Scenarios } from './programs/page.ts';

test('a builtin in a bundle is noticed', async () => {
  const { builtins } = await bundleProgram('examples/digest/hash.ts');
  expect(builtins).toEqual(expect.arrayContaining(['node:crypto', 'node:fs']));
});

test.each([
  'index.ts',
  'machines/index.ts',
  'inspect.ts',
  'autosize/index.ts',
  'testing/index.ts',
  'simulation/index.ts',
])('src/%s is bundled without a builtin of Node', async (path) => {
  const { code, builtins } = await bundleProgram(`src/${path}`);
  expect(builtins).toEqual([]);
  expect(code).not.toMatch(/["']node:|\brequire\(|\bprocess\./);
});

// Where tests are counted, a browser that is missing is a failure.
describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)('a page', () => {
  let web: Web;
  let opened: Opened;

  beforeAll(async () => {
    const { code, builtins } = await bundleProgram('test/browser/programs/page.ts');
    expect(builtins).toEqual([]);
    web = await Web.serve(code);
    opened = await takePage(await sharedChromium());
    await opened.page.goto(web.url);
    await until(opened.page, 'globalThis.scenarios !== undefined');
  });

  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
    await web?.close();
  });

  /** Has the page do something. */
  async function run<N extends keyof Scenarios>(name: N, actors: ActorMode = 'lazy') {
    type Answer = Awaited<ReturnType<Scenarios[N]>>;
    return opened.page.evaluate<Answer>(`scenarios.${name}({ actors: '${actors}' })`);
  }

  test('maps', async () => {
    expect(await run('map')).toEqual({
      values: [1, 4, 9, 16, 25],
      most: 3,
      isClosed: true,
      text: 'TaskPool-page',
    });
  });

  test('fetches', async () => {
    expect(await run('fetch')).toEqual(['1', '2', '3']);
  });

  test('cancels what it fetches: the server sees that too', async () => {
    expect(await run('cancel')).toEqual({
      results: [
        ['cancelled', 'Error: not needed'],
        ['cancelled', 'Error: not needed'],
      ],
      stopped: [1, 0],
      cancelled: 2,
    });
    await expect.poll(() => web.numAborted).toBe(4);
  });

  test.each<ActorMode>(['lazy', 'eager'])('has an actor for each task (%s)', async (mode) => {
    const task = { id: 0, group: 'apply-anonymous-group-0', index: 0, attempt: 1 };
    expect(await run('actors', mode)).toEqual({
      value: { running: 'active' },
      context: { ...task, progress: 'half' },
      states: [{ running: 'cancelling' }, 'cancelled', 'ended'],
      output: { id: 0, outcome: 'cancelled' },
      pool: 'closed',
      charts: ['task', 'pool'],
    });
  });

  test('replays', async () => {
    const { live, replayed } = await run('replay');
    expect(replayed).toEqual(live);
    expect(live.map(({ seq }) => seq)).toEqual([...live.keys()]);
    expect(live.at(-1)).toMatchObject({ status: 'closed', totals: { fulfilled: 4 } });
  });

  test('has nothing to complain about', () => {
    expect(opened.problems).toEqual([]);
  });
});

/** Serves the page, and what it fetches, on the loopback interface. */
class Web {
  readonly #server: Server;
  /** Requests that are never answered. */
  #arrived = 0;
  #waiting: (() => void)[] = [];
  /** How many of them the page has given up. */
  numAborted = 0;

  private constructor(script: string) {
    this.#server = createServer(({ url = '' }, response) => {
      const [, kind, rest = ''] = url.split('/');
      if (kind === '')
        send(response, 'text/html', '<script type="module" src="/page.js"></script>');
      else if (kind === 'page.js') send(response, 'text/javascript', script);
      else if (kind === 'echo') send(response, 'text/plain', rest);
      else if (kind === 'never') this.#never(response);
      else if (kind === 'arrived')
        this.#onArrived(Number(rest), () => send(response, 'text/plain', ''));
      else response.writeHead(204).end();
    });
  }

  static async serve(script: string): Promise<Web> {
    const web = new Web(script);
    await new Promise<void>((resolve) => web.#server.listen(0, '127.0.0.1', resolve));
    return web;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #never(response: ServerResponse): void {
    this.#arrived += 1;
    response.once('close', () => {
      this.numAborted += 1;
    });
    for (const look of this.#waiting.splice(0)) look();
  }

  #onArrived(number: number, then: () => void): void {
    if (this.#arrived >= number) then();
    else this.#waiting.push(() => this.#onArrived(number, then));
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
}
