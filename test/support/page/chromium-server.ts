/** One Chromium for all processes that test pages: starting one takes seconds of processor time. */

import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ARGS, findChromium } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where it takes connections, if it is installed. */
    readonly chromium?: string;
  }
}

/** The global setup of the project. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) return undefined;
  const server = await chromium.launchServer({ executablePath, args: ARGS });
  project.provide('chromium', server.wsEndpoint());
  return () => server.close();
}
