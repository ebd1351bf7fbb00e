/** How the dashboard looks: for everybody, in both schemes, on a phone, and the same in each frame. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DashboardServer, type PageAddress } from 'xstate-taskpool/dashboard';
import { ROOT } from '../support/built.ts';
import { isLong } from '../support/length.ts';
import { addAxe, violations } from '../support/page/accessible.ts';
import { findChromium, openPage, sharedChromium, takePage } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';
import { type Harbour, harbour } from '../support/page/harbour.ts';

const LISTS = ['Groups', 'Functions', 'Tasks', 'Failures', 'Limits', 'Events'];

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)('looks', () => {
  let browser: Browser;
  let made: Harbour;
  let server: DashboardServer;
  let address: PageAddress;
  beforeAll(async () => {
    made = await harbour(8000);
    server = new DashboardServer(made.pool);
    address = await server.listen();
    browser = await sharedChromium();
  });
  afterAll(async () => {
    await server?.close();
  });

  test.each(['light', 'dark'] as const)('everybody can use it, %s', async (scheme) => {
    await using opened = await openPage(browser, address.url, { scheme });
    const { page, problems } = opened;
    await addAxe(page);
    const rules = isLong || scheme === 'light' ? 'all' : 'contrast';
    for (const name of LISTS) {
      await page.getByRole('tab', { name: new RegExp(name) }).click();
      // All rules take a second for each list.
      const isShort = !isLong && !['Groups', 'Tasks'].includes(name);
      const within = name === LISTS[0] ? undefined : '.lists';
      expect(await violations(page, isShort ? 'contrast' : rules, within)).toEqual([]);
    }
    await page.keyboard.press('/');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    expect(await violations(page, rules)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.evaluate(`location.hash = 'task=100&at=1500'`);
    await page.getByRole('button', { name: 'Back to live' }).waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'One event back' }).click();
    expect(await violations(page, rules)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('fits a screen without scrolling, and a phone without scrolling sideways', async () => {
    await using opened = await openPage(browser, address.url);
    const { page } = opened;
    const size = `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`;
    expect(await page.evaluate(size)).toEqual([1280, 800]);
    await page.setViewportSize({ width: 375, height: 812 });
    for (const name of LISTS) {
      await page.getByRole('tab', { name: new RegExp(name) }).click();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    }
  });

  test('paints, frame by frame, the same pixels as all at once', async () => {
    const { clock } = made;
    await using opened = await openPage(browser, address.url, { now: clock.now(), motion: true });
    const { page } = opened;
    const pixels = `document.querySelector('.stream-canvas').toDataURL()`;
    for (let time = 0; time < 20; time++) {
      await clock.pass(300);
      await page.clock.setFixedTime(clock.now());
      await page.waitForTimeout(40);
    }
    const last = made.pool.journal.nextSeq - 1;
    await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
    await page.waitForTimeout(300);
    const frames = await page.evaluate<string>(pixels);
    const colours = page.getByRole('button', { name: /colours by/ });
    await colours.click();
    await page.waitForTimeout(200);
    expect(await page.evaluate(pixels)).not.toBe(frames);
    await colours.click();
    await page.waitForTimeout(200);
    expect(await page.evaluate(pixels)).toBe(frames);
  });

  test('the token leaves the address, and stays for when the page is loaded again', async () => {
    await using opened = await openPage(browser, address.url);
    const { page } = opened;
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.waitForSelector('header h1');
    await using another = await takePage(browser);
    await another.page.goto(address.url.replace(/#.*/, ''));
    await another.page.getByText('The server did not let this page in').waitFor();
  });
});

test.each([
  ['dashboard', 73_000],
  ['inspector', 40_000],
])('the page of the %s is small as it is sent', (name, most) => {
  const folder = join(ROOT, 'dist/page', name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.br'));
  expect(files.length).toBeGreaterThan(3);
  const sizes = files.map((file) => gzipSync(brotliDecompressSync(readFileSync(file))).length);
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(most);
});
