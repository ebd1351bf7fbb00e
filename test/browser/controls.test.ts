/** Each control of the dashboard changes the pool, and what cannot be undone asks first. */

import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { findChromium, openPage, sharedChromium } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';

const forever = (_: unknown, { signal }: { signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

function waitingPool(): TaskPool<{ host: { concurrent: number } }> {
  const pool = new TaskPool({
    name: 'controls',
    poolSize: 4,
    limits: { host: { concurrent: 2 } },
    logger: { info() {}, error() {} },
  });
  pool.map(forever, ['a', 'b', 'c', 'd', 'e'], { groupName: 'first', limits: { host: 'one' } });
  pool.map(forever, [1, 2, 3], { groupName: 'second', numConcurrent: 2 });
  return pool;
}

/** Waits until a condition of this process holds. */
async function soon(holds: () => boolean): Promise<void> {
  for (let time = 0; !holds() && time < 1000; time++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(holds()).toBe(true);
}

/** Presses keys one right after the other, wherever the focus is. */
const pressAtOnce = `(...keys) => {
  for (const key of keys) {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  }
}`;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)('controls', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedChromium();
  });

  test('of the head change the pool', async () => {
    const pool = waitingPool();
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, (await server.listen()).url);
    const { page, problems } = opened;
    await button(page, 'Pool size: one more').click();
    await soon(() => pool.poolSize === 5);
    const size = page.getByRole('textbox', { name: 'Pool size', exact: true });
    await size.fill('9');
    await size.press('Enter');
    await soon(() => pool.poolSize === 9);
    await button(page, 'Pool size: one less').click();
    await soon(() => pool.poolSize === 8);
    await button(page, 'Pause').click();
    await soon(() => pool.isPaused);
    await button(page, 'Resume').click();
    await soon(() => !pool.isPaused);
    await button(page, 'Lock').click();
    await soon(() => pool.isLocked);
    await button(page, 'Unlock').click();
    await soon(() => !pool.isLocked);
    // What is refused is not shown as if it were so, and no command is begun without knowing its arguments.
    await size.fill('-3');
    await size.press('Enter');
    await page.getByText('expected size to be a non-negative integer').waitFor();
    expect(await size.inputValue()).toBe(String(pool.poolSize));
    await page.keyboard.press('/');
    await page.keyboard.type('pool-size ');
    await page.getByRole('dialog').getByText('usage: pool-size [-h] [N]').waitFor();
    // What a command would end is said before it is run.
    await page.getByRole('combobox', { name: 'Command' }).fill('cancel-group first');
    await page.keyboard.press('Enter');
    await page.getByText('2 running tasks are aborted, and 3 pending ones are dropped.').waitFor();
    await button(page, 'Keep as it is').click();
    await page.getByText('It was not run.').waitFor();
    await page.keyboard.press('Escape');
    // Asked once, and answered with no: nothing happens.
    await button(page, 'Close…').click();
    await button(page, 'Keep as it is').click();
    expect(pool.isLocked).toBe(false);
    await page.evaluate(`location.hash = 'task=0'`);
    await button(page, 'Cancel…').click();
    await button(page, 'Cancel the task').click();
    await soon(() => pool.totals.cancelled === 1);
    await button(page, 'Close…').click();
    await button(page, 'Close the pool').click();
    await soon(() => pool.snapshot({ tasks: false }).status === 'closing');
    pool.cancelAll();
    await until(page, `document.querySelector('header .pill').textContent === 'closed'`);
    expect(problems).toEqual([]);
    expect(pool.isClosed).toBe(true);
    expect(await button(page, 'Pause').count()).toBe(0);
  });

  test('of groups, limits and tasks change those', async () => {
    const pool = waitingPool();
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, (await server.listen()).url);
    const { page } = opened;
    await button(page, 'Pause second').click();
    await soon(() => pool.group('second').isPaused);
    await button(page, 'Resume second').click();
    await soon(() => !pool.group('second').isPaused);
    await button(page, 'Limit of second: one more').click();
    await soon(() => pool.group('second').numConcurrent === 3);
    await page
      .getByRole('button', { name: 'second: show more of it' })
      .or(page.getByTitle('second: show more of it'))
      .click();
    await page.getByRole('button', { name: 'Priority of second: one more' }).last().click();
    await soon(() => pool.group('second').priority === 1);
    await page.getByText(/^(task \d+ of|group) 'second' waits/).waitFor();
    await button(page, 'Drop what waits…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop what waits' }).click();
    await soon(
      () => pool.snapshot({ tasks: { state: 'queued', group: 'second' } }).tasks.length === 0,
    );

    await page.getByRole('tab', { name: /Limits/ }).click();
    await button(page, 'Limit host: one more').click();
    await soon(() => pool.limits.host.concurrent === 3);
    await button(page, 'Pause one of host').click();
    await until(page, `document.querySelector('.lists').textContent.includes('paused')`);

    await page.getByRole('tab', { name: /Tasks/ }).click();
    // The group that is selected is what is listed.
    await page.getByRole('combobox', { name: 'Group' }).selectOption('');
    await page.getByRole('checkbox', { name: 'Choose task 0', exact: true }).check();
    await page.getByRole('checkbox', { name: 'Choose task 1', exact: true }).check();
    await button(page, 'Cancel 2…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 2 tasks' }).click();
    await soon(() => pool.totals.cancelled === 3);

    await page.getByRole('tab', { name: /Groups/ }).click();
    await button(page, 'Cancel first').click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('Cancel the group first?');
    // The page goes on meanwhile, and the question stays.
    pool.poolSize = 7;
    await until(page, `document.querySelector('header .stepper input').value === '7'`);
    await dialog.getByRole('button', { name: 'Cancel the group' }).click();
    await soon(() => pool.snapshot({ tasks: false }).groups.length === 1);
    // One whose functions take their time is seen until they have ended.
    let end = (): void => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    pool.apply(() => held, [], { groupName: 'slow' });
    await button(page, 'Cancel slow').click();
    await dialog.getByRole('button', { name: 'Cancel the group' }).click();
    const row = page.getByRole('region', { name: 'Groups' }).getByRole('row', { name: /^slow/ });
    await row.getByText('cancelling').waitFor();
    end();
    await row.waitFor({ state: 'detached' });
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('stay under the pointer, however the rows change', async () => {
    const pool = new TaskPool({ name: 'rows', limits: { host: { concurrent: 9 } } });
    const first = pool.map(forever, [1, 2], { numConcurrent: 2, limits: { host: 'first' } });
    pool.map(forever, [3], { limits: { host: 'second' } });
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, `${(await server.listen()).url}&tab=limits`);
    const { page } = opened;
    const texts = (selector: string): Promise<string[]> =>
      page.locator(`.lists ${selector}`).allTextContents();
    const newest = 'tbody td.n:nth-child(2)';
    const seq = (): Promise<void> =>
      until(
        page,
        `document.querySelector('.counts').dataset.seq === '${pool.journal.nextSeq - 1}'`,
      );
    await button(page, 'Pause first of host').hover();
    pool.map(forever, [4, 5, 6], { numConcurrent: 3, limits: { host: 'third' } });
    first.cancel();
    await soon(() => pool.numRunning === 4);
    await seq();
    await until(page, `document.querySelectorAll('.lists td.key').length === 3`);
    expect(await texts('td.key')).toEqual(['first', 'second', 'third']);
    await page.mouse.move(5, 5);
    await until(page, `document.querySelector('.lists td.key').textContent === 'third'`);

    await page.getByRole('tab', { name: /Tasks/ }).click();
    await page.getByRole('checkbox', { name: 'Choose task 5', exact: true }).hover();
    await page.getByText('held').waitFor();
    pool.map(forever, [7]);
    await until(page, `document.querySelectorAll('.lists tbody tr').length === 7`);
    expect(await texts(newest)).toEqual(['5', '4', '3', '2', '1', '0', '6']);
    await page.mouse.move(5, 5);
    await until(page, `document.querySelector('.lists ${newest}').textContent === '6'`);
    // Sorted by the keyboard, rows are as they are asked for even then.
    await page.getByRole('button', { name: 'task', exact: true }).focus();
    await page.getByRole('checkbox', { name: 'Choose task 5', exact: true }).hover();
    await page.keyboard.press('Enter');
    await until(page, `document.querySelector('.lists ${newest}').textContent === '0'`);
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('of a SimpleTaskPool start and stop its tasks', async () => {
    const pool = new SimpleTaskPool(forever, ['x'], { name: 'workers that wait for ever' });
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, (await server.listen()).url);
    const { page } = opened;
    // With a long name and all of its controls, the head is no wider than the page.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
    await page.getByRole('textbox', { name: 'How many tasks' }).fill('3');
    await button(page, 'Start').click();
    await soon(() => pool.numRunning === 3);
    await button(page, 'Stop…').click();
    await button(page, 'Stop').click();
    await soon(() => pool.numRunning === 0);
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('are not there on a server that is read-only', async () => {
    const pool = waitingPool();
    await using server = new DashboardServer(pool, { readOnly: true });
    await using opened = await openPage(browser, (await server.listen()).url);
    const { page } = opened;
    expect(await page.getByText('read-only').count()).toBe(1);
    for (const name of ['Pause', 'Lock', 'Close…', 'Pool size: one more', 'Cancel first']) {
      expect(await button(page, name).count()).toBe(0);
    }
    await page.keyboard.press('/');
    await page.keyboard.type('pool-size 9');
    await page.keyboard.press('Enter');
    await page.getByText('read-only', { exact: false }).nth(1).waitFor();
    expect(pool.poolSize).toBe(4);
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('stay where they are while the page is offline, and cannot be used', async () => {
    const pool = waitingPool();
    const token = 'the same for both';
    const before = new DashboardServer(pool, { token });
    const { url, port } = await before.listen();
    await using opened = await openPage(browser, `${url}&group=first`);
    const { page } = opened;
    const names = [
      'Pause',
      'Lock',
      'Pool size: one more',
      'Pause second',
      'Cancel first',
      'Cancel…',
    ];
    const areEnabled = async (): Promise<boolean[]> =>
      await Promise.all(names.map((name) => button(page, name).first().isEnabled()));
    await button(page, 'Cancel…').waitFor();
    expect(await areEnabled()).toEqual(names.map(() => true));
    await before.close();
    await page.getByText('● offline').waitFor();
    expect(await areEnabled()).toEqual(names.map(() => false));
    await page.keyboard.press('p');
    await page.getByText('Nothing was changed: there is no connection').waitFor();
    // What only looks at what is known goes on.
    await page.getByRole('tab', { name: /Tasks/ }).click();
    await using again = new DashboardServer(pool, { token, port });
    await again.listen();
    await page.getByText('● live').waitFor();
    await button(page, 'Pause').first().click();
    await soon(() => pool.isPaused);
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('are all within reach of the keyboard', async () => {
    const pool = waitingPool();
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, (await server.listen()).url);
    const { page } = opened;
    const press = (...keys: string[]) =>
      keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
    await press('/');
    await page.keyboard.type('pool-');
    await page.getByRole('option', { name: 'pool-size' }).waitFor();
    // Tab is pressed before the server has answered for the last letter.
    await page.evaluate(`(async () => {
      const field = document.activeElement;
      field.value += 's';
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await null;
      (${pressAtOnce})('Tab');
    })()`);
    await page.keyboard.type('6');
    await press('Enter');
    await soon(() => pool.poolSize === 6);
    // A key that is pressed before the next frame is not for the dialog that has been closed.
    await Promise.all([press('Escape'), press('/')]);
    await page.getByRole('combobox', { name: 'Command' }).waitFor();
    await Promise.all([press('Escape'), press('p')]);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await soon(() => pool.isPaused);
    await button(page, 'Resume').waitFor();
    const seq = pool.journal.nextSeq;
    // The next key is pressed before there is an answer, or an event.
    await page.evaluate(`(${pressAtOnce})('p', 'p', 'p')`);
    await soon(() => !pool.isPaused && pool.journal.nextSeq === seq + 3);
    await press('3');
    await page.getByRole('region', { name: 'Tasks', exact: true }).focus();
    await press('ArrowDown', 'ArrowDown');
    await page
      .getByRole('region', { name: /^Task \d/ })
      .last()
      .waitFor();
    await page.getByRole('slider', { name: 'Place in time' }).focus();
    await press('Home');
    await until(page, `document.querySelector('.counts').dataset.seq === '0'`);
    await press('ArrowRight');
    await until(page, `document.querySelector('.counts').dataset.seq === '1'`);
    await press('l');
    await page.getByText('● live').waitFor();
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });
});
