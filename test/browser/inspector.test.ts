/** The inspector shows an xstate program, and a pool, as they send what happens in them. */

import { createWebSocketInspector } from '@statelyai/inspect';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createActor, waitFor } from 'xstate';
import { TaskPool } from 'xstate-taskpool';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { orderMachine } from '../support/inspector/shop.ts';
import { addAxe, violations } from '../support/page/accessible.ts';
import { findChromium, sharedChromium, takePage } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';

/** The names of the states that are lit. */
const ACTIVE = `[...document.querySelectorAll('.chart .state.active > .name')].map((each) => each.textContent).sort().join()`;

/** The texts of some elements. */
const texts = (selector: string) =>
  `[...document.querySelectorAll('${selector}')].map((each) => each.textContent).join()`;

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)(
  'inspector',
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await sharedChromium();
    });

    test('shows a program and a pool, now and as they were', async () => {
      await using server = new InspectorServer({ port: 0 });
      const address = await server.listen();
      await using opened = await takePage(browser);
      const { page, problems } = opened;
      await page.goto(address.url);
      await page.getByText('Waiting for a program').waitFor();
      expect(await page.getByText(address.inspectorUrl).count()).toBe(1);
      expect(await page.evaluate('location.hash')).toBe('');

      const inspector = createWebSocketInspector({ url: address.inspectorUrl });
      const order = createActor(orderMachine, { inspect: inspector.inspect }).start();
      order.send({ type: 'ADD', name: 'teapot <img onerror=1>', price: 30 });
      order.send({ type: 'CHECK_OUT' });
      order.send({ type: 'PAY', card: '4000' });
      await waitFor(order, (snapshot) => snapshot.matches('fulfilment'));
      await until(page, `${ACTIVE} === 'draft,fulfilment,invoice,packing,parcel'`);
      expect(await page.locator('.chart .arc.hot title').textContent()).toBe('done: charge');
      // Parts of the page are painted one after the other.
      await until(page, `${texts('.values mark')} === '"paid 30"'`);
      await until(page, `${texts('.actors tbody .link')} === 'order,stock,charge'`);

      // As it was.
      await page.getByRole('button', { name: 'ADD' }).click();
      await until(page, `${ACTIVE} === 'shopping'`);
      await page.getByRole('button', { name: 'One message forward' }).click();
      await until(
        page,
        `document.querySelector('.values').textContent.includes('teapot <img onerror=1>')
      || document.querySelector('.values mark')?.textContent.includes('30')`,
      );
      order.send({ type: 'PACKED' });
      order.send({ type: 'SENT', number: '7' });
      await page.getByRole('button', { name: 'Back to live' }).click();
      await until(page, `${ACTIVE} === 'delivered'`);
      await page.getByText('It has ended, and takes no events.').waitFor();

      // A pool, of another program.
      const other = createWebSocketInspector({ url: address.inspectorUrl });
      const pool = new TaskPool({ name: 'tides', inspect: other.inspect });
      const failed = pool.apply(async () => {
        throw new Error('ebb');
      });
      await failed.settled();
      await pool.gatherAndClose();
      await page.getByRole('button', { name: 'task-0' }).click();
      await until(page, `${ACTIVE} === 'ended'`);
      await until(
        page,
        `document.querySelector('.actors td.bad')?.textContent.includes('rejected')`,
      );
      await page.getByRole('searchbox').fill('tides');
      await until(page, `document.querySelectorAll('.actors tbody .link').length === 1`);
      await page.getByRole('searchbox').fill('');

      await addAxe(page);
      for (const tab of ['Sequence', 'Events']) {
        await page.getByRole('tab', { name: tab }).click();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          // All rules take a second: what does not depend on the scheme is asked for once.
          expect(await violations(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([]);
        }
      }
      await page.setViewportSize({ width: 375, height: 812 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
      expect(problems).toEqual([]);

      inspector.stop();
      other.stop();
      await until(page, `document.body.textContent.includes('disconnected')`);
    });

    test('is used with the keyboard alone', async () => {
      await using server = new InspectorServer({ port: 0 });
      const address = await server.listen();
      await using opened = await takePage(browser);
      const { page } = opened;
      await page.goto(address.url);
      const inspector = createWebSocketInspector({ url: address.inspectorUrl });
      const order = createActor(orderMachine, { inspect: inspector.inspect }).start();
      order.send({ type: 'ADD', name: 'teapot', price: 30 });
      order.send({ type: 'CHECK_OUT' });
      await until(page, `${ACTIVE} !== '' && ${ACTIVE} !== 'shopping'`);
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Back to live' }).waitFor();
      const isShopping = `${ACTIVE} === 'shopping'`;
      for (let time = 0; time < 20 && !(await page.evaluate(isShopping)); time++) {
        await page.keyboard.press('ArrowLeft');
      }
      await until(page, isShopping);
      await page.keyboard.press('Escape');
      await until(page, `${ACTIVE} !== 'shopping'`);
      await page.keyboard.press('f');
      await until(page, `document.querySelector('main.expanded') !== null`);
      await page.keyboard.press('f');
      await page.keyboard.press('/');
      await page.keyboard.type('order');
      await until(page, `document.querySelectorAll('.actors tbody .link').length === 1`);
      // From the search to the actor, and from its name to its chart.
      const focused = `document.activeElement?.textContent`;
      for (let time = 0; time < 30 && (await page.evaluate(focused)) !== 'order'; time++) {
        await page.keyboard.press('Tab');
      }
      expect(await page.evaluate(focused)).toBe('order');
      await page.keyboard.press('Enter');
      await until(page, `document.querySelector('tr[aria-selected=true]') !== null`);
      // A button has no use for these itself.
      await page.keyboard.press('f');
      await until(page, `document.querySelector('main.expanded') !== null`);
      await page.keyboard.press('Escape');
      await until(page, `document.querySelector('main.expanded') === null`);
      inspector.stop();
      order.stop();
    });

    test('lets in no page without the token, and takes nothing from pages of elsewhere', async () => {
      await using server = new InspectorServer({ port: 0 });
      const address = await server.listen();
      await using opened = await takePage(browser);
      const { page } = opened;
      await page.goto(address.url.replace(/#.*/, '#token=wrong'));
      await page.getByText('The server did not let this page in').waitFor();
      const { host, port } = address;
      const foreign = await fetch(`http://${host}:${port}/`, {
        headers: { origin: 'https://example.org' },
      });
      expect(foreign.status).toBe(403);
    });
  },
);
