/** Chromium, and pages of it that say what went wrong in them. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

export const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path in the environment, or else what `chromium` is on the PATH; undefined if there is none. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path));
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium() ?? 'chromium', args: ARGS });
}

let shared: Promise<Browser> | undefined;

/** The one of all tests of pages: nobody closes it. Where none is installed, this fails. */
export function sharedChromium(): Promise<Browser> {
  const server = inject('chromium');
  shared ??= server === undefined ? launchChromium() : chromium.connect(server);
  return shared;
}

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** What the page complained about: errors, refusals of its policy, requests that failed. */
  readonly problems: string[];
}

export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Whether the stream is painted with each frame. Default: once a second, which costs a fraction. */
  readonly motion?: boolean;
  /** The time that the page takes for now, for pictures that are always the same. */
  readonly now?: number;
}

/** A page with what it complained about since it was opened. */
interface Used {
  readonly page: Page;
  problems: string[];
}

/** Pages that nobody uses, by their browsers: opening another one costs a second of processor time. */
const idle = new WeakMap<Browser, Used[]>();

/** Opens the link of a dashboard, and waits until a pool is shown. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 800, scheme = 'light', motion = false, now }: Opening = {},
): Promise<Opened> {
  // A clock that stands still can not be set going again.
  const used =
    (now === undefined ? idle.get(browser)?.pop() : undefined) ?? (await newPage(browser));
  const { page } = used;
  const problems: string[] = [];
  used.problems = problems;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({
    colorScheme: scheme,
    reducedMotion: motion ? 'no-preference' : 'reduce',
  });
  if (now !== undefined) await page.clock.setFixedTime(now);
  await page.goto(url);
  await page.waitForSelector('header h1');
  return {
    page,
    problems,
    async [Symbol.asyncDispose]() {
      if (now !== undefined) {
        await page.close();
        return;
      }
      await page.goto('about:blank');
      idle.set(browser, [...(idle.get(browser) ?? []), used]);
    },
  };
}

async function newPage(browser: Browser): Promise<Used> {
  const page = await browser.newPage({ timezoneId: 'UTC' });
  const used: Used = { page, problems: [] };
  page.on('pageerror', (error) => used.problems.push(String(error)));
  page.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad) used.problems.push(message.text());
  });
  return used;
}
