/** What fails besides tasks is seen: the journal, sources, callbacks. */

import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { storeOver } from '../support/memory-like.ts';
import { findChromium, openPage, sharedChromium } from '../support/page/chromium.ts';
import { goTo, until } from '../support/page/dashboard.ts';

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

  test('lead to the tasks, and to the moment before them', async () => {
    const pool = new TaskPool({ name: 'flaky', poolSize: 1, logger });
    const quietly = { endCallback() {} };
    await pool.map(async (n: number) => n, [1, 2], quietly).settled();
    const failsOnce = async (n: number, { attempt }: { attempt: number }): Promise<number> => {
      if (attempt === 1) throw new RangeError(`not yet: ${n}`);
      return n;
    };
    const policy = { ...quietly, retry: { limit: 1, delay: 0 } };
    await pool.map(failsOnce, [3], policy).settled();
    const fails = async (n: number): Promise<never> => {
      throw new TypeError(`never: ${n}\n${'x'.repeat(999)}`);
    };
    await pool.map(fails, [4, 5], quietly).settled();
    await using server = new DashboardServer(pool, { logger });
    await using opened = await openPage(browser, `${(await server.listen()).url}&tab=failures`);
    const { page } = opened;
    const row = (name: string) => page.locator('.lists tr.opens', { hasText: name });
    // All of a row opens it, and what was tried again is named as well.
    await row('RangeError').locator('td').nth(1).click();
    await page.getByRole('button', { name: 'Select task 2' }).click();
    const task = page.getByRole('region', { name: 'Task 2', exact: true }).first();
    await task.getByRole('button', { name: 'delayed' }).click();
    const seq = `Number(document.querySelector('.counts').dataset.seq)`;
    const failedAt = [...pool.journal].find(({ type }) => type === 'task.failed')?.seq;
    await until(page, `${seq} === ${failedAt}`);
    await page.keyboard.press('l');
    await page.getByText('the numbers in it vary').waitFor({ state: 'detached' });
    await row('TypeError').getByRole('button', { name: 'TypeError' }).press('Enter');
    await page.getByText('the numbers in it vary').waitFor();
    // However long a message is, it has its line breaks, and pushes nothing out of sight.
    await until(
      page,
      `/^never: \\d\\nx+$/.test(document.querySelector('.items .lines').textContent)`,
    );
    const scroll = `document.querySelector('.lists .scroll')`;
    expect(await page.evaluate(`${scroll}.scrollWidth - ${scroll}.clientWidth`)).toBe(0);
    await row('TypeError').getByTitle('just before').first().click();
    const endedAt = [...pool.journal].find(
      (event) => event.type === 'task.ended' && event.outcome === 'rejected',
    )?.seq;
    await until(page, `${seq} === ${(endedAt as number) - 1}`);
    await row('TypeError').waitFor({ state: 'detached' });
    await page.keyboard.press('.');
    await row('TypeError').waitFor();
    await pool.gatherAndClose({ returnExceptions: true });
  });
});
