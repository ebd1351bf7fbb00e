/**
 * Latency against its own floor: as long as that does not rise, nothing waits where the tasks go, and
 * more of them may run. Netflix's Gradient2 and TCP Vegas do alike.
 */

import { checkCount, checkFrom } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { checkShare } from './check-share.ts';
import { type Estimate, errorOf, estimate, update } from './estimate.ts';
import { clamp, type Decide, isUsed, type SizePolicy, type SizeSample } from './policy.ts';

/** Options of {@link gradient}. */
export interface GradientOptions {
  /** By which factor latency may exceed its floor, from 1 on. Default: 1.02. */
  readonly tolerance?: number;
  /**
   * The share of the size that is added to find out whether there is room for it, twice as much until
   * latency has risen for the first time. Default: 0.05.
   */
  readonly headroom?: number;
  /**
   * In so many samples the size is 15 % smaller for four, to measure the floor: sooner while that
   * turns out to be lower. Default: 50.
   */
  readonly probeEvery?: number;
}

const OPTIONS = new OptionBag<GradientOptions>({
  tolerance: ['rttTolerance', 'threshold'],
  headroom: ['queueSize'],
  probeEvery: ['window', 'longWindow'],
});

/** The least that a sample leaves of a size, apart from the headroom. */
const STEEPEST = 0.5;
/** The least growth, in tasks: at the start, and later, when one more may be one too many. */
const STARTING_STEP = 0.5;
const SMALLEST_STEP = 0.3;
/** What a probe leaves of a size, and how many samples it takes: the first drains what waits elsewhere. */
const PROBE = 0.85;
const PROBE_SAMPLES = 4;
/** How many samples after it still hold what began in it. */
const SETTLING_SAMPLES = 2;
/** The period from probe to probe after one that has found a lower floor. */
const NEXT_PROBE = 12;

/** By which share the latency of one size drifts from sample to sample, and that of the idle back end. */
const DRIFT = 0.02;
const FLOOR_DRIFT = 0.002;
/** How many standard errors are no chance. */
const SURE = 3;
/** How many standard errors of latency are given to the size, and at the start. */
const DOUBT = 0.5;
const DOUBT_AT_START = 2;
/** Latency that keeps more than this share when the size has shrunk to that is not due to the size. */
const UNMOVED = 0.87;
const SHRUNK = 0.7;

interface Memory {
  readonly size: number;
  /** The size a sample before: some of what has ended began at that one. */
  readonly before: number;
  /** The size of the pool in the sample before. */
  readonly ran: number;
  /** How many samples the period has had, and how many it has: a probe ends it. */
  readonly count: number;
  readonly period: number;
  /** Whether it began with a probe, and whether it has found a lower floor. */
  readonly hasProbed: boolean;
  readonly isLower: boolean;
  /** Until latency has risen for the first time. */
  readonly isStarting: boolean;
  readonly latency: Estimate;
  /** Whether the latest sample was far from that: the next one shows whether it was chance. */
  readonly isSurprised: boolean;
  readonly floor: Estimate;
  /** The latency of this probe. */
  readonly probed?: Estimate | undefined;
  readonly decline?: Decline | undefined;
}

/** A time in which latency has been too high. */
interface Decline {
  /** The size at its beginning. */
  readonly from: number;
  readonly highest: number;
}

/**
 * Grows the size while latency stays near its floor, and shrinks it as latency rises: for what makes
 * work wait beyond its capacity. It needs no number that depends on what the tasks do, and weighs each
 * sample by how much the times in it vary.
 *
 * @throws TypeError, RangeError for invalid options.
 */
export function gradient(options: GradientOptions = {}): SizePolicy {
  OPTIONS.check('gradient()', options);
  const { tolerance = 1.02, headroom = 0.05, probeEvery = 50 } = options;
  checkFrom('tolerance', tolerance, 1);
  checkShare('headroom', headroom);
  checkCount('probeEvery', probeEvery, PROBE_SAMPLES + SETTLING_SAMPLES + 1);

  const decideFrom =
    (known: Memory | undefined): Decide =>
    (sample) => {
      const { latency, latencyError, min, max } = sample;
      if (!sample.isComplete || latency === undefined || !Number.isFinite(latency)) {
        const size = known === undefined ? sample.size : sizeFor(known);
        return { size, reason: 'too few have ended', next: decideFrom(known) };
      }
      const memory = known ?? begin(sample.size, estimate(latency, latencyError), probeEvery);
      const measured = measure(memory, sample, latency);
      const next = isProbing(memory)
        ? probe(measured, latency, latencyError)
        : adjust(measured, sample, latency);
      const size = clamp(next.size, min, max);
      const decided = { ...count(next), size, before: memory.size, ran: sample.size };
      return { size: sizeFor(decided), reason: reasonOf(measured), next: decideFrom(decided) };
    };

  function adjust(memory: Memory, sample: SizeSample, value: number): Memory {
    const { size, latency, isStarting } = memory;
    const floor = isStarting ? averaged(memory, value, sample.latencyError) : memory.floor;
    const allowed = tolerance * floor.mean;
    const doubt = isStarting ? DOUBT_AT_START : DOUBT;
    if (latency.mean - doubt * errorOf(latency) <= allowed) {
      const mayGrow = isUsed(size, sample) && !isSettling(memory);
      const isClear = latency.mean + SURE * errorOf(latency) <= allowed;
      const step = isStarting ? STARTING_STEP : SMALLEST_STEP;
      const pace = isStarting ? 2 : isClear ? 1 : latency.gain;
      const growth = Math.max(size * headroom * pace, step * Math.min(1, pace));
      return { ...memory, floor, decline: undefined, size: mayGrow ? size + growth : size };
    }
    const decline = declineOf(memory);
    const after = { ...memory, floor, decline, isStarting: false };
    if (isUnmoved(memory, decline) || size <= sample.min) {
      return { ...after, floor: latency, decline: undefined };
    }
    const slope = Math.max(STEEPEST, allowed / latency.mean);
    return { ...after, size: size * (1 + latency.gain * (slope + headroom - 1)) };
  }

  function count(memory: Memory): Memory {
    if (memory.count + 1 < memory.period) return { ...memory, count: memory.count + 1 };
    const period = memory.isLower ? Math.min(NEXT_PROBE, probeEvery) : probeEvery;
    return { ...memory, count: 0, period, hasProbed: true, isLower: false };
  }

  return { decide: decideFrom(undefined) };
}

function begin(size: number, latency: Estimate, period: number): Memory {
  return {
    ...{
      size,
      before: size,
      ran: size,
      latency,
      isSurprised: false,
      floor: latency,
      isStarting: true,
    },
    ...{ count: 0, period, hasProbed: false, isLower: false },
  };
}

function isProbing({ count, period }: Memory): boolean {
  return count >= period - PROBE_SAMPLES;
}

function sizeFor(memory: Memory): number {
  return isProbing(memory) ? memory.size * PROBE : memory.size;
}

/** Only what comes after the first sample of a probe tells its latency. */
function probe(memory: Memory, value: number, error: number): Memory {
  const { count, period, probed, floor } = memory;
  if (count === period - PROBE_SAMPLES) return memory;
  const latency = update(probed, value, error, FLOOR_DRIFT);
  if (count < period - 1) return { ...memory, probed: latency };
  const surely = Math.sqrt(latency.variance + floor.variance);
  const isFloor = latency.mean - floor.mean <= surely;
  const known = isFloor ? update(floor, latency.mean, errorOf(latency), DRIFT) : floor;
  return { ...memory, floor: known, probed: undefined };
}

/** Latency as of this sample, and the floor, if it has turned out to be lower. */
function measure(memory: Memory, sample: SizeSample, value: number): Memory {
  const { latency: known, floor, isStarting, ran } = memory;
  const { size, latencyError: error } = sample;
  // Beyond the capacity, latency is as much longer as the size is larger: one more of four is a lot.
  const step = Math.abs(size - ran) / ran;
  const expected = update(known, value, error, DRIFT + step);
  const doubt = Math.sqrt(expected.variance + known.variance + error ** 2);
  // What has changed at once, and has stayed so, is not averaged with what was before.
  const isSurprised = Math.abs(value - known.mean) > SURE * doubt;
  const latency = isSurprised && memory.isSurprised ? estimate(value, error) : expected;
  const least = latency.mean + SURE * errorOf(latency);
  const isLower = !isStarting && least < floor.mean - SURE * errorOf(floor);
  const measured = { ...memory, latency, isSurprised };
  return isLower ? { ...measured, floor: latency, isLower } : measured;
}

/** The floor with a sample that does not contradict it: high ones count as low ones do. */
function averaged({ floor }: Memory, value: number, error: number): Estimate {
  const doubt = Math.sqrt(floor.variance + error ** 2);
  if (Math.abs(value - floor.mean) > SURE * doubt) return floor;
  return update(floor, value, error, FLOOR_DRIFT);
}

function declineOf({ size, latency, decline }: Memory): Decline {
  if (decline === undefined) return { from: size, highest: latency.mean };
  return { from: decline.from, highest: Math.max(decline.highest, latency.mean) };
}

/** Whether latency has stayed although the size has shrunk: then it is the back end that is slower. */
function isUnmoved({ size, before, latency }: Memory, { from, highest }: Decline): boolean {
  return Math.max(size, before) <= SHRUNK * from && latency.mean > UNMOVED * highest;
}

function isSettling({ count, hasProbed }: Memory): boolean {
  return hasProbed && count < SETTLING_SAMPLES;
}

function reasonOf({ latency, floor }: Memory): string {
  return `latency ${latency.mean.toFixed(1)} ms, floor ${floor.mean.toFixed(1)} ms`;
}
