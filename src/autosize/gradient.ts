/**
 * A size policy that compares latency with its floor: as long as latency does not rise, nothing queues in the back
 * end, so more tasks may run. Similar to Netflix's Gradient2 and TCP Vegas.
 */

import { checkCount, checkFrom } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { checkShare } from './check-share.ts';
import { type Estimate, errorOf, estimate, update } from './estimate.ts';
import { clamp, type Decide, isUsed, type SizePolicy, type SizeSample } from './policy.ts';

/** Options of {@link gradient}. */
export interface GradientOptions {
  /** The factor by which latency may exceed its floor, at least 1. Default: 1.02. */
  readonly tolerance?: number;
  /**
   * The share of the size that is added to test whether the back end has room, from 0 to 1; twice as much until
   * latency has risen for the first time. Default: 0.05.
   */
  readonly headroom?: number;
  /**
   * The number of samples, at least 7, between two probes: a probe reduces the size by 15 % for four samples to
   * measure the floor. Probes follow sooner while they find lower floors. Default: 50.
   */
  readonly probeEvery?: number;
}

const OPTIONS = new OptionBag<GradientOptions>({
  tolerance: ['rttTolerance', 'threshold'],
  headroom: ['queueSize'],
  probeEvery: ['window', 'longWindow'],
});

/** The minimum share of the size after a sample, apart from the headroom. */
const STEEPEST = 0.5;
/** The minimum growth in tasks: at the start, and later, when a single one may be too much. */
const STARTING_STEP = 0.5;
const SMALLEST_STEP = 0.3;
/** The share of the size during a probe, and its number of samples: the first drains the queue of the back end. */
const PROBE = 0.85;
const PROBE_SAMPLES = 4;
/** The number of samples after a probe that are still affected by it. */
const SETTLING_SAMPLES = 2;
/** The number of samples until the next probe after one that has found a lower floor. */
const NEXT_PROBE = 12;

/** The share by which the latency at one size, and that of the idle back end, drift from sample to sample. */
const DRIFT = 0.02;
const FLOOR_DRIFT = 0.002;
/** The number of standard errors beyond which a difference is no chance. */
const SURE = 3;
/** The number of standard errors of latency that are tolerated, usually and at the start. */
const DOUBT = 0.5;
const DOUBT_AT_START = 2;
/**
 * If latency stays above this share of its maximum although the size has shrunk to that share, the size is not the
 * cause.
 */
const UNMOVED = 0.87;
const SHRUNK = 0.7;

interface Memory {
  readonly size: number;
  /** The size in the previous sample: some of the ended attempts began at that size. */
  readonly before: number;
  /** The actual size of the pool in the previous sample. */
  readonly ran: number;
  /** The number of samples in this period so far, and its length; it ends with a probe. */
  readonly count: number;
  readonly period: number;
  /** Whether this period began after a probe, and whether a lower floor was found in it. */
  readonly hasProbed: boolean;
  readonly isLower: boolean;
  /** Whether latency has not risen yet. */
  readonly isStarting: boolean;
  readonly latency: Estimate;
  /** Whether the latest sample deviated strongly: the next one shows whether that was chance. */
  readonly isSurprised: boolean;
  readonly floor: Estimate;
  /** The latency during this probe. */
  readonly probed?: Estimate | undefined;
  readonly decline?: Decline | undefined;
}

/** A period of high latency. */
interface Decline {
  /** The size at its beginning. */
  readonly from: number;
  readonly highest: number;
}

/**
 * A policy for back ends where work queues beyond their capacity: grows the pool while latency stays near its floor,
 * and shrinks it as latency rises. It needs no parameter that depends on the tasks, and weights each sample by the
 * variance of its times.
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

/** Updates the latency of a probe; its first sample is ignored. */
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

/** Updates latency with this sample, and the floor if latency is clearly lower. */
function measure(memory: Memory, sample: SizeSample, value: number): Memory {
  const { latency: known, floor, isStarting, ran } = memory;
  const { size, latencyError: error } = sample;
  // Beyond the capacity, latency is proportional to the size: with four tasks one more is a lot.
  const step = Math.abs(size - ran) / ran;
  const expected = update(known, value, error, DRIFT + step);
  const doubt = Math.sqrt(expected.variance + known.variance + error ** 2);
  // A persistent sudden change is not averaged with earlier values.
  const isSurprised = Math.abs(value - known.mean) > SURE * doubt;
  const latency = isSurprised && memory.isSurprised ? estimate(value, error) : expected;
  const least = latency.mean + SURE * errorOf(latency);
  const isLower = !isStarting && least < floor.mean - SURE * errorOf(floor);
  const measured = { ...memory, latency, isSurprised };
  return isLower ? { ...measured, floor: latency, isLower } : measured;
}

/** Updates the floor with a sample that does not contradict it, whether higher or lower. */
function averaged({ floor }: Memory, value: number, error: number): Estimate {
  const doubt = Math.sqrt(floor.variance + error ** 2);
  if (Math.abs(value - floor.mean) > SURE * doubt) return floor;
  return update(floor, value, error, FLOOR_DRIFT);
}

function declineOf({ size, latency, decline }: Memory): Decline {
  if (decline === undefined) return { from: size, highest: latency.mean };
  return { from: decline.from, highest: Math.max(decline.highest, latency.mean) };
}

/** Whether latency has stayed high although the size has shrunk: the back end itself is slower then. */
function isUnmoved({ size, before, latency }: Memory, { from, highest }: Decline): boolean {
  return Math.max(size, before) <= SHRUNK * from && latency.mean > UNMOVED * highest;
}

function isSettling({ count, hasProbed }: Memory): boolean {
  return hasProbed && count < SETTLING_SAMPLES;
}

function reasonOf({ latency, floor }: Memory): string {
  return `latency ${latency.mean.toFixed(1)} ms, floor ${floor.mean.toFixed(1)} ms`;
}
