/** The clock of `taskpool run`, which stands still while the run is stopped. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunningTime } from '../../../src/cli/run/items/running-time.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  // First what replaces the timers that are fake: it would put these back later.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What the platform was asked to wait, in milliseconds. */
function delays(): number[] {
  return vi.mocked(setTimeout).mock.calls.map(([, ms]) => ms as number);
}

test('asks the platform for no delay below 0, of which Node 24 warns', () => {
  // Time passes between any two looks at it.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.001));
  vi.spyOn(globalThis, 'setTimeout');
  const time = new RunningTime();
  const fired = vi.fn();
  time.setTimeout(fired, 0);
  time.setTimeout(fired, 0.001);
  time.stop();
  vi.advanceTimersByTime(1);
  expect(fired).not.toHaveBeenCalled();
  now += 100;
  time.continue();
  vi.advanceTimersByTime(1);
  expect(fired).toHaveBeenCalledTimes(2);
  expect(Math.min(...delays())).toBe(0);
});

test('waits as long as it runs, without the time for which it was stopped', () => {
  const time = new RunningTime();
  const fired = vi.fn();
  time.setTimeout(fired, 100);
  vi.advanceTimersByTime(60);
  time.stop();
  vi.advanceTimersByTime(1_000);
  expect(time.monotonic()).toBe(60);
  time.continue();
  vi.advanceTimersByTime(39);
  expect(fired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(fired).toHaveBeenCalledOnce();
});

test('calls off a timer that came while it was stopped', () => {
  const time = new RunningTime();
  const fired = vi.fn();
  const id = time.setTimeout(fired, 1);
  time.stop();
  vi.advanceTimersByTime(10);
  time.clearTimeout(id);
  time.continue();
  vi.advanceTimersByTime(10);
  expect(fired).not.toHaveBeenCalled();
});
