/** How the dashboard looks: for everybody, in both schemes, on a phone, and the same in each frame. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DashboardServer, type PageAddress } from 'xstate-taskpool/dashboard';
import { ROOT } from '../support/built.ts';
import { isLong } from '../support/length.ts';
import { addAxe, type Rules, violations } from '../support/page/accessible.ts';
import { findChromium, openPage, sharedChromium } from '../support/page/chromium.ts';
import { goTo, painted, until } from '../support/page/dashboard.ts';
import { type Harbour, harbour } from '../support/page/harbour.ts';

const LISTS = ['Groups', 'Functions', 'Tasks', 'Failures', 'Limits', 'Events'];

/** The texts that are smaller on screen than can be read easily: those of charts are scaled with them. */
const SMALL_TEXTS = `(() => {
  const small = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: element, textContent } = texts.currentNode;
    if (textContent.trim() === '' || element.closest('title, .visually-hidden') !== null) continue;
    const scale = element.getScreenCTM?.().a ?? 1;
    const size = scale * parseFloat(getComputedStyle(element).fontSize);
    if (size < 10.95) small.add(textContent + ': ' + size.toFixed(1) + ' px');
  }
  return [...small];
})()`;

/** How many frames a page asks for in half a second. */
const FRAMES = `new Promise((resolve) => {
  const request = requestAnimationFrame;
  let frames = 0;
  globalThis.requestAnimationFrame = (paint) => {
    frames += 1;
    return request(paint);
  };
  setTimeout(() => {
    globalThis.requestAnimationFrame = request;
    resolve(frames);
  }, 500);
})`;

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

  test('everybody can use it, in both schemes', async () => {
    await using opened = await openPage(browser, address.url);
    const { page, problems } = opened;
    await addAxe(page);
    // Who wants no motion has a page that makes no frames while nothing happens.
    expect(await page.evaluate(FRAMES)).toBeLessThan(10);
    const expectNone = async (rules: Rules, within?: string): Promise<void> => {
      expect(await violations(page, rules, within)).toEqual([]);
      // What does not depend on the scheme is asked for once: all rules take a second.
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(page, isLong ? rules : 'contrast', within)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
    };
    for (const name of LISTS) {
      await page.getByRole('tab', { name: new RegExp(name) }).click();
      const isShort = !isLong && !['Groups', 'Tasks'].includes(name);
      await expectNone(isShort ? 'contrast' : 'all', name === LISTS[0] ? undefined : '.lists');
    }
    await page.keyboard.press('/');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    await expectNone('all', isLong ? undefined : 'dialog');
    await page.keyboard.press('Escape');
    await page.evaluate(`location.hash = 'task=100&at=1500'`);
    await page.getByRole('button', { name: 'Back to live' }).waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'One event back' }).click();
    await expectNone('all');
    expect(problems).toEqual([]);
  });

  test('fits a screen with text that can be read, without scrolling, and a phone without scrolling sideways', async () => {
    await using opened = await openPage(browser, address.url);
    const { page } = opened;
    const size = `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`;
    expect(await page.evaluate(size)).toEqual([1280, 800]);
    expect(await page.evaluate(SMALL_TEXTS)).toEqual([]);
    // Nor do lists scroll sideways.
    const list = `document.querySelector('.lists .scroll')`;
    expect(await page.evaluate(`${list}.scrollWidth - ${list}.clientWidth`)).toBe(0);
    await page.setViewportSize({ width: 1000, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1000);
    expect(await page.evaluate(SMALL_TEXTS)).toEqual([]);
    await page.setViewportSize({ width: 375, height: 812 });
    await page.locator('.task-chart svg[viewBox^="0 0 3"]').waitFor();
    expect(await page.evaluate(SMALL_TEXTS)).toEqual([]);
    for (const name of LISTS) {
      await page.getByRole('tab', { name: new RegExp(name) }).click();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    }
    // All that goes through time has room beside a long way.
    await goTo(page, made.pool.journal.nextSeq - 10);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('1000');
    const reach = `Math.max(...[...document.querySelectorAll('footer *')].map((each) => each.getBoundingClientRect().right))`;
    expect(await page.evaluate(reach)).toBeLessThanOrEqual(375);
  });

  test('paints, frame by frame, the same pixels as all at once', async () => {
    const { clock } = made;
    await using opened = await openPage(browser, address.url, { now: clock.now(), motion: true });
    const { page } = opened;
    const pixels = `document.querySelector('.stream-canvas').toDataURL()`;
    for (let time = 0; time < 20; time++) {
      await clock.pass(300);
      await page.clock.setFixedTime(clock.now());
      await painted(page, 2);
    }
    const last = made.pool.journal.nextSeq - 1;
    await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
    await painted(page);
    const frames = await page.evaluate<string>(pixels);
    const colours = page.getByRole('button', { name: /colours by/ });
    await colours.click();
    await painted(page);
    expect(await page.evaluate(pixels)).not.toBe(frames);
    await colours.click();
    await painted(page);
    expect(await page.evaluate(pixels)).toBe(frames);
  });

  test('the token leaves the address, and stays for when the page is loaded again', async () => {
    await using opened = await openPage(browser, address.url);
    const { page } = opened;
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.waitForSelector('header h1');
    // Another window has nothing of it.
    await page.evaluate('sessionStorage.clear()');
    await page.reload();
    await page.getByText('The server did not let this page in').waitFor();
  });
});

test.each([
  ['dashboard', 75_000],
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
