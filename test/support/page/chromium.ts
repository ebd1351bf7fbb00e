/** Chromium, and pages that record their problems. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type LaunchOptions, type Page } from 'playwright-core';

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

/**
 * Without a graphical user interface, it starts in a quarter of the processor time, and the tests of pages take a
 * quarter less.
 */
const NAMES = ['chromium-headless-shell', 'chromium'];

/** The path in the environment, or else the first of these programs on the PATH; undefined if there is none. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}

export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    args: ARGS,
    ...options,
  });
}

let shared: Promise<Browser> | undefined;

/** The browser of all tests in this process, which ends with it. Fails if none is installed. */
export function sharedChromium(): Promise<Browser> {
  shared ??= launchUntilTheEnd();
  return shared;
}

/**
 * Vitest ends a process by SIGTERM and kills it half a second later, when a browser that is closed has not yet removed
 * its profile. What it does on exit is done at once, but Vitest lets nothing exit.
 */
function launchUntilTheEnd(): Promise<Browser> {
  process.once('SIGTERM', () => {
    process.emit('exit', 0);
    process.kill(process.pid, 'SIGKILL');
  });
  return launchChromium({ handleSIGTERM: false });
}

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** The problems of the page: errors, violations of its policy, failed requests. */
  readonly problems: string[];
}

export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /**
   * Whether there is motion, and the stream is painted with each frame. Default: once a second, at a fraction of the
   * cost.
   */
  readonly motion?: boolean;
  /** The current time of the page, for pictures that are always the same. */
  readonly now?: number;
  /** Pixels of the screen for a pixel of CSS. Default: a quarter, which is painted at a fraction of the cost. */
  readonly scale?: number;
}

/** A page with its problems since it was opened. */
interface Used {
  readonly page: Page;
  problems: string[];
}

/**
 * Unused pages, by browser. They stay where they are until the next navigation: another page, or a blank one in
 * between, has another process, which takes a second of processor time.
 */
const idle = new WeakMap<Browser, Used[]>();

/** Takes a page for a navigation. */
export async function takePage(
  browser: Browser,
  { width = 1280, height = 800, scheme = 'light', motion = false, now, scale }: Opening = {},
): Promise<Opened> {
  // A clock that was stopped cannot be started again, and the scale of a page cannot be changed.
  const isReused = now === undefined && scale === undefined;
  const used = (isReused ? idle.get(browser)?.pop() : undefined) ?? (await newPage(browser, scale));
  const { page } = used;
  const problems: string[] = [];
  // Until then it is the page of an earlier test, whose server is gone.
  used.problems = [];
  page.once('framenavigated', () => {
    used.problems = problems;
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({
    colorScheme: scheme,
    reducedMotion: motion ? 'no-preference' : 'reduce',
  });
  if (now !== undefined) await page.clock.setFixedTime(now);
  return {
    page,
    problems,
    async [Symbol.asyncDispose]() {
      if (isReused) idle.set(browser, [...(idle.get(browser) ?? []), used]);
      else await page.close();
    },
  };
}

/** Opens the link of a dashboard, and waits until a pool is shown. */
export async function openPage(
  browser: Browser,
  url: string,
  opening: Opening = {},
): Promise<Opened> {
  const opened = await takePage(browser, opening);
  const { page } = opened;
  const isThere = page.url().split('#')[0] === url.split('#')[0];
  await page.goto(url);
  // Navigating to another fragment of the same page does not load it.
  if (isThere) await page.reload();
  await page.waitForSelector('header h1');
  return opened;
}

async function newPage(browser: Browser, scale = 0.25): Promise<Used> {
  const page = await browser.newPage({ timezoneId: 'UTC', deviceScaleFactor: scale });
  const used: Used = { page, problems: [] };
  page.on('pageerror', (error) => used.problems.push(String(error)));
  page.on('console', (message) => used.problems.push(message.text()));
  return used;
}
