/** What fails besides tasks is seen: the journal, sources, callbacks. */

import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { storeOver } from '../support/memory-like.ts';
import { findChromium, openPage, sharedChromium } from '../support/page/chromium.ts';
import { goTo } from '../support/page/dashboard.ts';

const logger = { info() {}, error() {} };

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)('failures', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedChromium();
  });

  test('of the journal, of a source and of a callback are said, from then on', async () => {
    let isFull = false;
    const { store } = storeOver({
      before: () => {
        if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      },
    });
    const pool = new TaskPool({ name: 'broken', journal: store, logger });
    const endCallback = (): void => {
      throw new RangeError('in the callback');
    };
    await pool.map(async (n: number) => n, [1], { groupName: 'calls', endCallback }).settled();
    function* source(): Generator<number> {
      yield 1;
      throw new TypeError('no \u202emore');
    }
    await pool
      .map(async (n: number) => n, source(), { groupName: 'breaks' })
      .settled()
      .catch(() => {});
    await using server = new DashboardServer(pool, { logger });
    await using opened = await openPage(browser, `${(await server.listen()).url}&tab=failures`);
    const { page, problems } = opened;
    const before = pool.journal.nextSeq - 1;
    await page.getByText('The end callback of task 0').waitFor();
    await page.getByText('The source of breaks').waitFor();
    await page.getByText('TypeError: no \\u202emore').waitFor();
    const failed = page.getByRole('button', { name: 'journal failed' });
    expect(await failed.count()).toBe(0);

    isFull = true;
    pool.pause();
    await page.getByRole('tab', { name: /Groups/ }).click();
    await failed.click();
    await page.getByText('Error: no space left').waitFor();
    // What would bring nothing is not offered.
    for (const name of ['Resume', 'Lock', 'Unlock']) {
      expect(await page.getByRole('button', { name, exact: true, disabled: false }).count()).toBe(
        0,
      );
    }
    // Not before it had failed.
    await goTo(page, before);
    expect(await failed.count()).toBe(0);
    expect(await page.getByText('Error: no space left').count()).toBe(0);
    expect(problems).toEqual([]);
    await pool.gatherAndClose({ returnExceptions: true });
  });
});
