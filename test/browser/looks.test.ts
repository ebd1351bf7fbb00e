/** How the dashboard looks: for everybody, in both schemes, on a phone, and the same in each frame. */

import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DashboardServer, type PageAddress } from 'xstate-taskpool/dashboard';
import { isLong } from '../support/length.ts';
import { findChromium, openPage, sharedChromium } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';
import { type Harbour, harbour } from '../support/page/harbour.ts';

const LISTS = ['Groups', 'Functions', 'Tasks', 'Failures', 'Limits', 'Events'];

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** All rules of axe, or those that depend on the scheme. */
type Rules = 'all' | 'contrast';

/**
 * What axe cannot decide, and a person has looked at, in both schemes:
 * - the contrast of `−`, `+`, `×` and `▸`, which are no text to it: they have the colours of text or links;
 * - the contrast of names and rates in the charts, which stand on shapes that it takes for what covers them: they
 *   have the colours of text, on the panel or on the boxes of states;
 * - whether a button `−` is named `Pool size: one less` by what is seen of it: a sign has no name.
 */
const LOOKED_AT = new Set(['color-contrast', 'label-content-name-mismatch']);

/** What axe finds wrong with the page as it is, or cannot decide and nobody has looked at. */
async function violations(page: Page, rules: Rules): Promise<readonly string[]> {
  const only = rules === 'all' ? '' : `, runOnly: ['color-contrast']`;
  const { violations, incomplete } = await page.evaluate<{
    readonly violations: readonly Found[];
    readonly incomplete: readonly Found[];
  }>(
    `axe.run(document, { resultTypes: ['violations', 'incomplete']${only} })
      .then(({ violations, incomplete }) => ({ violations, incomplete }))`,
  );
  const undecided = incomplete.filter(({ id }) => !LOOKED_AT.has(id));
  return [...violations, ...undecided].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}

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
    await page.evaluate(axe.source);
    const rules = isLong || scheme === 'light' ? 'all' : 'contrast';
    for (const name of LISTS) {
      await page.getByRole('tab', { name: new RegExp(name) }).click();
      // All rules take a second for each list.
      const isShort = !isLong && !['Groups', 'Tasks'].includes(name);
      expect(await violations(page, isShort ? 'contrast' : rules)).toEqual([]);
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
    const other = await browser.newPage();
    await other.goto(address.url.replace(/#.*/, ''));
    await other.getByText('The server did not let this page in').waitFor();
    await other.close();
  });
});
