/** Chromium, and pages of it that say what went wrong in them. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const ARGS = [
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

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** What the page complained about: errors, refusals of its policy, requests that failed. */
  readonly problems: string[];
}

export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** The time that the page takes for now, for pictures that are always the same. */
  readonly now?: number;
}

/** Opens the link of a dashboard, and waits until a pool is shown. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 800, scheme = 'light', now }: Opening = {},
): Promise<Opened> {
  const viewport = { width, height };
  const page = await browser.newPage({ viewport, colorScheme: scheme, timezoneId: 'UTC' });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  if (now !== undefined) await page.clock.setFixedTime(now);
  await page.goto(url);
  await page.waitForSelector('header h1');
  return { page, problems, [Symbol.asyncDispose]: () => page.close() };
}
