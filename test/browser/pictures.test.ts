/** The pictures of the pages in the documentation: `npm run docs:pictures` takes them anew. */

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createWebSocketInspector } from '@statelyai/inspect';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createActor, waitFor } from 'xstate';
import { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { acceptEvents } from 'xstate-taskpool/inspect';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { orderMachine } from '../support/inspector/shop.ts';
import { launchChromium, type Opening, openPage } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';
import { harbour } from '../support/page/harbour.ts';

const FOLDER = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
/** When the pool stands still for its picture. */
const END = Date.UTC(2026, 10, 26, 9, 41);

const PICTURES: Readonly<Record<string, Opening>> = {
  'dashboard-light': { scheme: 'light' },
  'dashboard-dark': { scheme: 'dark' },
  'dashboard-phone': { scheme: 'light', width: 375, height: 812 },
};

test('pictures of the dashboard are taken', async () => {
  const { pool } = await harbour(62_000, END);
  await using server = new DashboardServer(pool);
  const { url } = await server.listen();
  // One that is run again shows most.
  const [task] = pool.snapshot({ tasks: { state: 'delayed' } }).tasks;
  const browser = await launchChromium();
  try {
    await mkdir(FOLDER, { recursive: true });
    for (const [name, opening] of Object.entries(PICTURES)) {
      await using opened = await openPage(browser, `${url}&task=${task?.id}`, {
        ...opening,
        motion: true,
        now: END,
        scale: 1,
      });
      // All of its last minute, and the density of all events.
      await until(opened.page, `document.querySelector('.stage').ariaBusy === 'false'`);
      await opened.page.waitForTimeout(3000);
      const picture = await opened.page.screenshot({ path: `${FOLDER}/${name}.png` });
      // The width of a PNG stands in its header.
      expect(picture.readUInt32BE(16)).toBe(opening.width ?? 1280);
      expect(opened.problems).toEqual([]);
    }
  } finally {
    await browser.close();
  }
});

test('pictures of the inspector are taken', async () => {
  await using server = new InspectorServer({ port: 0 });
  const { url, inspectorUrl } = await server.listen();
  const inspector = createWebSocketInspector({ url: inspectorUrl });
  const { inspect } = acceptEvents(inspector);
  const order = createActor(orderMachine, { inspect }).start();
  order.send({ type: 'ADD', name: 'teapot', price: 30 });
  order.send({ type: 'ADD', name: 'cups', price: 12 });
  order.send({ type: 'CHECK_OUT' });
  order.send({ type: 'PAY', card: '4000' });
  await waitFor(order, (snapshot) => snapshot.matches('fulfilment'));
  const pool = new TaskPool({ name: 'tides', poolSize: 3, inspect });
  const read = async (gauge: number): Promise<number> => {
    if (gauge === 4) throw new Error('no answer');
    return gauge;
  };
  await pool.map(read, [...Array(9).keys()], { endCallback: () => {} }).settled();
  const browser = await launchChromium();
  try {
    for (const scheme of ['light', 'dark'] as const) {
      const viewport = { width: 1280, height: 800 };
      const page: Page = await browser.newPage({ viewport, colorScheme: scheme });
      await page.goto(url);
      await page.getByRole('button', { name: 'order', exact: true }).click();
      await page.getByRole('tab', { name: 'Sequence' }).click();
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `${FOLDER}/inspector-${scheme}.png` });
      await page.close();
    }
  } finally {
    await browser.close();
    inspector.stop();
    await pool.gatherAndClose();
  }
});
