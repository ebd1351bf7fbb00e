/** Runs a test any number of times, and returns what it fails with. */

import { setTimeout as delay } from 'node:timers/promises';
import { type RunnerTestCase, type RunnerTestSuite, TestRunner } from 'vitest';

/** The event loop is idle if it does less than this share of the time; then it is looked at again, so many times. */
const IDLE = 0.2;
const LOOK_MS = 25;
const LOOKS = 4;

export class Attempts {
  readonly #runner: TestRunner;
  #unhandled: unknown[] = [];

  constructor(runner: TestRunner) {
    this.#runner = runner;
    process.on('unhandledRejection', (error) => this.#unhandled.push(error));
    process.on('uncaughtException', (error) => this.#unhandled.push(error));
  }

  /** @param limit in milliseconds */
  async run(test: RunnerTestCase, limit: number): Promise<string | undefined> {
    this.#unhandled = [];
    test.result = { state: 'run', startTime: Date.now(), retryCount: 0, repeatCount: 0 };
    const end = new AbortController();
    try {
      await Promise.race([this.#passes(test), stuck(end.signal), expired(limit, end.signal)]);
    } catch (error) {
      return `failed: ${error}`;
    } finally {
      end.abort();
    }
    await new Promise((resolve) => setImmediate(resolve));
    return this.#unhandled.length === 0 ? undefined : `unhandled: ${this.#unhandled}`;
  }

  async #passes(test: RunnerTestCase): Promise<void> {
    const runner = this.#runner;
    const suites = suitesOf(test);
    await runner.onBeforeRunTask(test);
    runner.onBeforeTryTask(test);
    const cleanups: unknown[] = [];
    try {
      for (const suite of suites) {
        for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) {
          cleanups.push(await hook(test.context, suite));
        }
      }
      await TestRunner.getTestFn(test)();
      runner.onAfterTryTask(test);
    } finally {
      for (const suite of suites.reverse()) {
        for (const hook of TestRunner.getSuiteHooks(suite).afterEach.toReversed()) {
          await hook(test.context, suite);
        }
      }
      for (const cleanup of cleanups) if (typeof cleanup === 'function') await cleanup();
    }
  }
}

/** From the outermost to the innermost. */
function suitesOf({ suite, file }: { suite?: RunnerTestSuite; file: RunnerTestSuite }) {
  const suites: RunnerTestSuite[] = [];
  for (let at = suite ?? file; at !== undefined; at = at.suite as RunnerTestSuite) {
    suites.unshift(at);
  }
  return suites;
}

/** Rejects when nothing is left that could continue the test: no timer, no I/O, and nothing runs. */
async function stuck(signal: AbortSignal): Promise<never> {
  const own = active();
  for (let looks = 0; looks < LOOKS; looks++) {
    const before = performance.eventLoopUtilization();
    await delay(LOOK_MS, undefined, { signal, ref: false });
    const { utilization } = performance.eventLoopUtilization(before);
    if (active() > own || utilization > IDLE) looks = -1;
  }
  throw new Error('nothing is left to wait for');
}

const active = () => process.getActiveResourcesInfo().length;

async function expired(ms: number, signal: AbortSignal): Promise<never> {
  await delay(ms, undefined, { signal, ref: false });
  throw new Error(`not done within ${ms} ms`);
}
