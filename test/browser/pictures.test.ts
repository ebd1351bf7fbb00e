/** The pictures of the dashboard in the documentation: `npm run docs:pictures` takes them anew. */

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { launchChromium, type Opening, openPage } from '../support/page/chromium.ts';
import { harbour } from '../support/page/harbour.ts';

const FOLDER = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
/** When the pool stands still for its picture. */
const END = Date.UTC(2026, 10, 26, 9, 41);

const PICTURES: Readonly<Record<string, Opening>> = {
  'dashboard-light': { scheme: 'light' },
  'dashboard-dark': { scheme: 'dark' },
  'dashboard-phone': { scheme: 'light', width: 375, height: 812 },
};

test('pictures are taken', async () => {
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
      });
      await opened.page.waitForTimeout(3000);
      await opened.page.screenshot({ path: `${FOLDER}/${name}.png` });
      expect(opened.problems).toEqual([]);
    }
  } finally {
    await browser.close();
  }
});
