/** The inspector as the window or the frame of another page, which sends it all that it shows. */

import { createWebSocketInspector } from '@statelyai/inspect';
import { createInspectorServer } from '@statelyai/inspect/server';
import type { Browser, Frame, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { createInspectorPage, InspectorServer } from 'xstate-taskpool/inspector';
import { orderMachine } from '../support/inspector/shop.ts';
import { bundleProgram, type Served, serve } from '../support/page/bundle.ts';
import { findChromium, type Opened, sharedChromium, takePage } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';

const ADD = '{"type":"ADD","name":"cup","price":3}';

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)(
  'the inspector of a page',
  () => {
    let browser: Browser;
    let code: string;
    beforeAll(async () => {
      ({ code } = await bundleProgram('test/support/inspector/browser-program.ts'));
      browser = await sharedChromium();
    });

    /** A site with a program, and the page of the inspector at `/inspector`. */
    function site(): Promise<Served> {
      const inspectorPage = createInspectorPage();
      return serve((request, response) => {
        const path = request.url ?? '';
        if (path.startsWith('/inspector')) {
          // As `use('/inspector', page)` of Connect and Express.
          const url = path.slice('/inspector'.length) || '/';
          inspectorPage(Object.assign(request, { originalUrl: path, url }), response);
        } else {
          response.setHeader('Content-Type', 'text/html');
          response.end(`<iframe></iframe><script type="module">${code}</script>`);
        }
      });
    }

    async function open(url: string): Promise<Opened> {
      const opened = await takePage(browser);
      await opened.page.goto(url);
      await until(opened.page, 'globalThis.program !== undefined');
      return opened;
    }

    /** What an inspector shows of the program, and an event that is sent back to it. */
    async function isTwoWay(inspector: Page | Frame, page: Page): Promise<void> {
      await inspector.getByRole('button', { name: 'order', exact: true }).waitFor();
      await inspector.getByText('"teapot"').first().waitFor({ state: 'attached' });
      const text = inspector.getByRole('combobox', { name: 'An event for order' });
      await text.fill(ADD);
      await text.press('Enter');
      await until(page, 'program.order.getSnapshot().context.items.length === 2');
    }

    test('a window of the server: createBrowserInspector({ url })', async () => {
      await using server = new InspectorServer({ port: 0 });
      const { windowUrl } = await server.listen();
      await using program = await site();
      await using opened = await open(program.url);
      const { page } = opened;
      const opening = page.waitForEvent('popup');
      await page.evaluate(`program.start('${windowUrl}', false)`);
      const popup = await opening;
      await isTwoWay(popup, page);
      // The server itself has got nothing.
      expect(server.numMessages).toBe(0);
      await page.evaluate('program.stop()');
      await popup
        .getByRole('cell', { name: /disconnected/ })
        .first()
        .waitFor();
      await popup.close();
    });

    test('a frame of the same site: createInspectorPage()', async () => {
      await using program = await site();
      await using opened = await open(program.url);
      const { page, problems } = opened;
      // Without its slash, as people write it.
      await page.evaluate(`program.start('/inspector', true)`);
      await until(page, 'document.querySelector("iframe").contentDocument?.querySelector("h1")');
      const [frame] = page.frames().filter((each) => each !== page.mainFrame());
      await isTwoWay(frame as Frame, page);
      expect(problems).toEqual([]);
    });

    test('a frame of another server: createInspectorServer({ url })', async () => {
      await using server = new InspectorServer({ port: 0 });
      const { windowUrl } = await server.listen();
      await using free = await serve(() => {});
      const port = Number(new URL(free.url).port);
      await free[Symbol.asyncDispose]();
      const bridge = createInspectorServer({ port, url: windowUrl, autoOpen: false });
      const inspector = createWebSocketInspector({ url: `ws://localhost:${port}` });
      const order = createActor(orderMachine, { inspect: inspector.inspect }).start();
      order.send({ type: 'ADD', name: 'teapot', price: 30 });
      await using opened = await takePage(browser);
      const { page } = opened;
      await page.goto(`http://localhost:${port}`);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('button', { name: 'order', exact: true }).waitFor();
      await frame.getByText('"teapot"').first().waitFor({ state: 'attached' });
      await frame.getByText('This program takes no events').waitFor();
      inspector.stop();
      bridge.stop();
    });

    test('a frame shows nothing of the server, whoever has it', async () => {
      await using server = new InspectorServer({ port: 0 });
      const { url } = await server.listen();
      await using evil = await serve((_, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<iframe src="${url}"></iframe>`);
      });
      await using opened = await takePage(browser);
      const { page } = opened;
      await page.goto(evil.url);
      const frame = page.frameLocator('iframe');
      await frame.getByText('Waiting for the page that opened this one').waitFor();
      // Pages of other machines may not have it in a frame at all.
      const { headers } = await fetch(url);
      const policy = headers.get('content-security-policy');
      expect(policy).toMatch(
        /frame-ancestors 'self' http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\*$/,
      );
    });
  },
);
