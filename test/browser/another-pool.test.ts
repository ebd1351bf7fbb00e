/** A page whose program is restarted shows the new pool, and nothing of the one before. */

import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { findChromium, openPage, sharedChromium } from '../support/page/chromium.ts';
import { goTo, shown, until } from '../support/page/dashboard.ts';

/** A pool of which some numbers have been worked on. */
async function poolOf(count: number, groupName: string): Promise<TaskPool> {
  const pool = new TaskPool({ name: 'again', poolSize: 3, logger: { info() {}, error() {} } });
  await pool.map(async (n: number) => n, [...Array(count).keys()], { groupName }).settled();
  return pool;
}

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)('another', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedChromium();
  });

  test('pool under the same address is shown from its beginning', async () => {
    const token = 'the same for both';
    const before = new DashboardServer(await poolOf(40, 'old'), { token });
    const { url, port } = await before.listen();
    await using opened = await openPage(browser, url);
    const { page } = opened;
    await until(page, `document.querySelector('[data-count=fulfilled]').textContent === '40'`);
    // What is looked at, selected and compared is of the old one.
    await page.evaluate(`location.hash = 'task=3'`);
    await goTo(page, 20);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'Back to live' }).click();
    await page.getByRole('region', { name: 'Comparison' }).waitFor();

    await before.close();
    await page.getByText('● offline').waitFor();
    const pool = await poolOf(7, 'new');
    await using _after = await (async () => {
      const server = new DashboardServer(pool, { token, port });
      await server.listen();
      return server;
    })();
    await page.getByText('The program was restarted').waitFor();
    await until(page, `document.querySelector('[data-count=fulfilled]').textContent === '7'`);
    const now = await shown(page);
    expect(now.seq).toBe(pool.journal.nextSeq - 1);
    expect(now.counts['running']).toBe(0);
    expect(await page.getByRole('region', { name: 'Comparison' }).count()).toBe(0);
    expect(await page.evaluate('location.hash')).not.toContain('task');
    await page
      .getByRole('button', { name: 'new: show more of it' })
      .or(page.getByTitle('new: show'))
      .first()
      .waitFor();
    expect(await page.getByTitle('old: show more of it').count()).toBe(0);

    // It goes on with the events of the new one, and with its past.
    await pool.apply(async () => 1, [], { groupName: 'later' }).settled();
    await until(page, `document.querySelector('[data-count=fulfilled]').textContent === '8'`);
    await goTo(page, 5);
    expect((await shown(page)).seq).toBe(5);
  });
});
