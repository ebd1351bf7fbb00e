import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from 'xstate-taskpool/statistics';
import { property } from '../../support/property.ts';
import { runs } from '../../support/runs.ts';

const value = fc.oneof(
  fc.double({ min: 2 ** -10, max: 2 ** 40, noNaN: true }),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: -10, max: 40 }).map((power) => 2 ** power),
);
const values = fc.array(value, { minLength: 1, maxLength: 200 });
const share = fc.constantFrom(0.001, 0.5, 0.9, 0.95, 0.99, 1);

function histogramOf(all: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const one of all) histogram.record(one);
  return histogram;
}

describe('a histogram', () => {
  property([values, share], runs(300))('has each quantile to within 1/64', (all, share) => {
    const sorted = [...all].sort((a, b) => a - b);
    const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] as number;
    const found = histogramOf(all).quantile(share) as number;
    expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 64);
  });

  property([values, values], runs(200))('merged with another is that of both', (some, others) => {
    const merged = histogramOf(some);
    merged.merge(histogramOf(others));
    const { sum, ...both } = histogramOf([...some, ...others]).toJSON();
    const { sum: mergedSum, ...rest } = merged.toJSON();
    expect(JSON.stringify(quantiles(rest))).toBe(JSON.stringify(quantiles(both)));
    expect(mergedSum).toBeCloseTo(sum, -Math.log10(sum + 1) + 9);
  });

  property([values], runs(200))('survives JSON', (all) => {
    const histogram = histogramOf(all);
    const json = JSON.stringify(histogram);
    const data = JSON.parse(json) as ReturnType<Histogram['toJSON']>;
    expect(JSON.stringify(Histogram.fromJSON(data))).toBe(json);
  });

  test('has nothing to say before the first value', () => {
    expect(new Histogram().quantile(0.5)).toBeUndefined();
    expect(new Histogram().toJSON()).toEqual({ count: 0, sum: 0, zeros: 0, first: 0, counts: [] });
  });

  test('counts what is up to a value', () => {
    const histogram = histogramOf([0, 1, 1, 10, 100]);
    expect(histogram.countsUpTo([-1, 0, 1, 50, 1000])).toEqual([0, 1, 3, 4, 5]);
  });
});

/** Without empty buckets at either end, of which there may be different numbers. */
function quantiles({ counts, first, ...rest }: Omit<ReturnType<Histogram['toJSON']>, 'sum'>) {
  return {
    ...rest,
    filled: counts.map((count, place) => [first + place, count]).filter(([, n]) => n),
  };
}
