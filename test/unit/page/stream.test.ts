/** What the stream of tasks says about time. */

import { expect, test } from 'vitest';
import { Bars, Kind } from '../../../src/page/dashboard/data/bars.ts';
import { tickLabels, ticksOf } from '../../../src/page/dashboard/stream/view.ts';

const NOW = Date.UTC(2026, 10, 27, 7, 5, 7);

test('ticks are labelled by how long ago they were', () => {
  const span = { from: NOW - 60_000, to: NOW };
  expect(tickLabels(span, ticksOf(span, 3), NOW)).toEqual(['now', '−30 s', '−1 min']);
});

test('ticks are labelled by the time of day where they are too close to be told apart', () => {
  const to = NOW - 96_300;
  const span = { from: to - 100, to };
  const labels = tickLabels(span, ticksOf(span, 2), NOW);
  expect(labels).toHaveLength(3);
  expect(labels.every((label) => /^\d\d:\d\d:\d\d\.\d{3}$/.test(label))).toBe(true);
  expect(new Set(labels).size).toBe(3);
});

test('a stream is idle since its last bar has ended, and not while one is running', () => {
  const bars = new Bars(16);
  expect(bars.idleSince).toBe(undefined);
  bars.open(1, 'group', 1, 100);
  bars.open(2, 'group', 1, 110);
  bars.close(1, 120, Kind.fulfilled);
  expect(bars.idleSince).toBe(undefined);
  bars.close(2, 130, Kind.rejected);
  expect(bars.idleSince).toBe(130);
});
