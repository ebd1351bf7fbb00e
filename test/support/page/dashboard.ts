/** A dashboard of a pool, open in a browser. */

import type { Page } from 'playwright-core';

/** The numbers that the page shows, all read at the same moment. */
export interface Shown {
  readonly seq: number;
  readonly counts: Readonly<Record<string, number>>;
  /** By the names of states: how many tasks the chart shows in each. */
  readonly chart: Readonly<Record<string, string>>;
  readonly size: string;
  readonly status: string;
}

export function shown(page: Page): Promise<Shown> {
  return page.evaluate(`(() => {
    const number = (text) => Number(text.replaceAll(',', ''));
    const all = (query) => [...document.querySelectorAll(query)];
    const text = (element) => element?.textContent ?? '';
    return {
      seq: Number(document.querySelector('.counts').dataset.seq),
      counts: Object.fromEntries(all('[data-count]').map((each) => [each.dataset.count, number(text(each))])),
      chart: Object.fromEntries(all('.task-chart .state').map((each) => [text(each.querySelector('.name')), text(each.querySelector('.note'))])),
      size: document.querySelector('header .stepper input')?.value ?? text(document.querySelector('header .stepper output')),
      status: text(document.querySelector('header .pill')),
    };
  })()`);
}

/** Waits until an expression is true in the page. */
export async function until(page: Page, expression: string): Promise<void> {
  // The policy of the page only allows the debugger to evaluate expressions. Polling from outside costs more than
  // polling in the page.
  const holds = await page.evaluate<boolean>(`new Promise((resolve, reject) => {
    let times = 0;
    const look = () => {
      try {
        if (${expression}) resolve(true);
        else if (++times === 1000) resolve(false);
        else setTimeout(look, 20);
      } catch (error) {
        reject(error);
      }
    };
    look();
  })`);
  if (!holds) throw new Error(`expected to hold in the page: ${expression}`);
}

/** Waits until a page has painted its current data. */
export async function painted(page: Page, frames = 5): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let frames = ${frames};
    requestAnimationFrame(function next() {
      if (--frames === 0) resolve();
      else requestAnimationFrame(next);
    });
  })`);
}

/** Goes to a place in time and waits until it is shown. */
export async function goTo(page: Page, seq: number): Promise<void> {
  await page.evaluate(`location.hash = 'at=${seq}'`);
  await until(page, `document.querySelector('.counts').dataset.seq === '${seq}'`);
}
