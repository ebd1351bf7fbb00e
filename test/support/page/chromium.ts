/** Chromium, and pages of it that say what went wrong in them. */

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

/** The path in the environment, or else what `chromium` is on the PATH; undefined if there is none. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path));
}

export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    args: ARGS,
    ...options,
  });
}

let shared: Promise<Browser> | undefined;

/** The one of all tests in this process, with which it ends. Where none is installed, this fails. */
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
  /** What the page said: errors, refusals of its policy, requests that failed. */
  readonly problems: string[];
}

export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Whether anything moves, and the stream is painted with each frame. Default: once a second, a fraction of the cost. */
  readonly motion?: boolean;
  /** The time that the page takes for now, for pictures that are always the same. */
  readonly now?: number;
}

/** A page with what it has said since it was opened. */
interface Used {
  readonly page: Page;
  problems: string[];
}

/**
 * Pages that nobody uses, by their browsers. They stay where they are until someone navigates: another page, or a blank
 * one between two, has another process, which takes a second of processor time.
 */
const idle = new WeakMap<Browser, Used[]>();

/** Takes a page that is to be navigated. */
export async function takePage(
  browser: Browser,
  { width = 1280, height = 800, scheme = 'light', motion = false, now }: Opening = {},
): Promise<Opened> {
  // A clock that stands still can not be set going again.
  const isReused = now === undefined;
  const used = (isReused ? idle.get(browser)?.pop() : undefined) ?? (await newPage(browser));
  const { page } = used;
  const problems: string[] = [];
  // Until then it is the page of someone else, whose server has gone.
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
  // To another fragment of what it shows it goes without loading it.
  if (isThere) await page.reload();
  await page.waitForSelector('header h1');
  return opened;
}

async function newPage(browser: Browser): Promise<Used> {
  const page = await browser.newPage({ timezoneId: 'UTC', deviceScaleFactor: 0.25 });
  const used: Used = { page, problems: [] };
  page.on('pageerror', (error) => used.problems.push(String(error)));
  page.on('console', (message) => used.problems.push(message.text()));
  return used;
}
