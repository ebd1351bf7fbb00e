/** Policies over a model of a back end, which is called beyond its capacity: no pool, no clock. */

import fc from 'fast-check';
import { describe, expect } from 'vitest';
import {
  aimd,
  type Decide,
  gradient,
  type SizePolicy,
  type SizeSample,
} from 'xstate-taskpool/autosize';
import { ClosedLoop } from '../support/closed-loop.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

const MIN = 1;
const MAX = 5_000;

interface Model {
  /** Milliseconds of a request within the capacity. */
  readonly base: number;
  /** By which share averages are off, at the most. */
  readonly noise: number;
  readonly beyond: 'wait' | 'refuse';
  readonly random: () => number;
}

/** What a pool would see of a size, half of whose tasks began at the size before. */
function sampleOf(model: Model, capacity: number, before: number, size: number): SizeSample {
  const { base, noise, beyond, random } = model;
  const running = (before + size) / 2;
  const share = beyond === 'refuse' ? Math.max(0, 1 - capacity / running) : 0;
  const longer = beyond === 'wait' ? Math.max(1, running / capacity) : 1;
  const attempts = 1_000;
  return {
    duration: 1_000,
    size,
    min: MIN,
    max: MAX,
    peak: Math.max(size, before),
    fulfilled: attempts * (1 - share),
    failed: attempts * share,
    latency: base * longer * (1 + noise * (2 * random() - 1)),
    latencyError: (base * longer * noise) / Math.sqrt(3),
    pending: 1,
    isComplete: true,
  };
}

/** Numbers from 0 to 1, the same each time. */
function randomFrom(seed: number): () => number {
  let last = seed;
  return () => {
    last = (last * 48_271) % 2_147_483_647;
    return last / 2_147_483_647;
  };
}

/** The sizes after each of so many samples; each capacity may take its own time for a request. */
function follow(
  policy: SizePolicy,
  model: Model,
  capacities: readonly number[],
  samples: number,
  bases: readonly number[] = [],
) {
  let decide: Decide = policy.decide;
  let [before, size] = [MIN, MIN];
  return capacities.map((capacity, phase) =>
    Array.from({ length: samples }, () => {
      const base = bases[phase] ?? model.base;
      const advice = decide(sampleOf({ ...model, base }, capacity, before, size));
      decide = advice.next;
      before = size;
      size = Math.min(Math.max(Math.round(advice.size), MIN), MAX);
      return size;
    }),
  );
}

const POLICIES: [name: string, policy: () => SizePolicy, beyond: 'wait' | 'refuse'][] = [
  ['aimd', () => aimd(), 'refuse'],
  ['gradient', () => gradient(), 'wait'],
];

describe.each(POLICIES)('%s', (_, policy, beyond) => {
  property(
    [
      fc.record({
        capacity: fc.integer({ min: 20, max: 1_000 }),
        base: fc.double({ min: 0.5, max: 10_000, noNaN: true }),
        // The last is what averages of 36 tasks are off by whose times vary by 30 %.
        noise: fc.constantFrom(0, 0.01, 0.02, 0.05),
        seed: fc.integer({ min: 1, max: 1_000_000 }),
      }),
    ],
    runs(200),
  )(
    'finds any capacity within 20 % in 200 samples, again once it halves or doubles, and stays there',
    ({ capacity, base, noise, seed }) => {
      const random = randomFrom(seed);
      const capacities = [1, 0.5, 1, 2, 1].map((share) => Math.max(20, capacity * share));
      const phases = follow(policy(), { base, noise, beyond, random }, capacities, 600);
      for (const [phase, sizes] of phases.entries()) {
        const held = sizes.slice(200).map((size) => size / capacities[phase]!);
        expect(Math.min(...held)).toBeGreaterThanOrEqual(0.8);
        expect(Math.max(...held)).toBeLessThanOrEqual(1.2);
      }
    },
  );

  property(
    [
      fc.record({
        base: fc.double({ min: 0, max: 1e6, noNaN: true }),
        sizes: fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
      }),
    ],
    runs(100),
  )(
    'advises numbers, and the same for the same samples, whatever the samples are',
    ({ base, sizes }) => {
      const run = () => {
        let decide = policy().decide;
        return sizes.map((latency, n) => {
          const sample = sampleOf({ base, noise: 0, beyond, random: () => 0 }, 5, 1, (n % 50) + 1);
          const advice = decide({ ...sample, latency: Math.abs(latency) });
          decide = advice.next;
          return advice.size;
        });
      };
      const advised = run();
      expect(advised.filter((size) => Number.isNaN(size))).toEqual([]);
      expect(run()).toEqual(advised);
    },
  );
});

property(
  [
    fc.record({
      capacity: fc.integer({ min: 20, max: 300 }),
      noise: fc.constantFrom(0, 0.02, 0.05),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
    }),
  ],
  runs(50),
)('gradient tells a back end that has become slower from one that is full', (values) => {
  const { capacity, noise, seed } = values;
  const model: Model = { base: 100, noise, beyond: 'wait', random: randomFrom(seed) };
  const bases = [100, 200, 100];
  const phases = follow(gradient(), model, [capacity, capacity, capacity], 200, bases);
  for (const sizes of phases.map((all) => all.slice(120))) {
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.8 * capacity);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1.2 * capacity);
  }
});

property(
  [
    fc.record({
      // Small ones as often as large ones.
      doublings: fc.double({ min: 1, max: 6, noNaN: true }),
      service: fc.double({ min: 10, max: 1_000, noNaN: true }),
      spread: fc.constantFrom(0, 0.1, 0.2),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
    }),
  ],
  runs(60),
)(
  'gradient finds capacities from 2 up, within 20 % or a task, over queues of whole requests',
  (values) => {
    const { doublings, service, spread, seed } = values;
    const capacity = Math.round(2 ** doublings);
    const common = { interval: 100, min: 1, max: 400, random: randomFrom(seed) };
    const loop = new ClosedLoop(gradient(), { service, spread, ...common });
    for (const share of [1, 0.5, 1, 2, 1]) {
      const phase = Math.max(2, Math.round(capacity * share));
      const off = loop.run(phase, 300).map((size) => Math.abs(size - phase));
      // A size is a whole number: so is what 20 % of a small capacity are.
      expect(Math.max(...off.slice(200))).toBeLessThanOrEqual(Math.ceil(0.2 * phase));
    }
  },
);
