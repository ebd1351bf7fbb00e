/**
 * Latency against its own floor: as long as that does not rise, nothing waits where the tasks go, and
 * more of them may run. Netflix's Gradient2 and TCP Vegas do alike.
 */

import { OptionBag } from '../kit/option-bag.ts';
import { checkCount, checkFrom } from '../pool/checks.ts';
import { checkShare } from './check-share.ts';
import { clamp, type Decide, isUsed, type SizePolicy, type SizeSample } from './policy.ts';

/** Options of {@link gradient}. */
export interface GradientOptions {
  /** By which factor latency may exceed its floor, from 1 on. Default: 1.02. */
  readonly tolerance?: number;
  /** The share of the size that is added to find out whether there is room for it. Default: 0.05. */
  readonly headroom?: number;
  /**
   * After so many samples the size is 15 % smaller for two of them, to measure the floor anew; the
   * floor is the least latency of the last two such periods. Default: 50.
   */
  readonly probeEvery?: number;
}

const OPTIONS = new OptionBag<GradientOptions>({
  tolerance: ['rttTolerance', 'threshold'],
  headroom: ['queueSize'],
  probeEvery: ['window', 'longWindow'],
});

/** The least that a sample leaves of a size. */
const STEEPEST = 0.5;
/** What a probe leaves of it, and how many samples it takes: the first drains what waits elsewhere. */
const PROBE = 0.85;
const PROBE_SAMPLES = 2;
/** So many samples after it still hold what began in it. */
const SETTLING_SAMPLES = 2;

/** The least of many averages is too low by chance: it takes so many standard errors more. */
const DOUBT = 1.5;

interface Memory {
  readonly size: number;
  /** How many samples the period has had. */
  readonly count: number;
  /** The least latency of this period, and of the one before. */
  readonly least: number;
  readonly earlier: number;
}

/**
 * Grows the size while latency stays near its floor, and shrinks it as latency rises: for what makes
 * work wait beyond its capacity. It needs no number that depends on what the tasks do.
 *
 * @throws TypeError, RangeError for options that make no sense.
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
      const memory = known ?? begin(sample);
      const { latency } = sample;
      if (!sample.isComplete || latency === undefined) {
        return advise(memory, sample, 'too few have ended');
      }
      const measured = {
        ...memory,
        least: Math.min(memory.least, latency + DOUBT * sample.latencyError),
      };
      return isProbing(memory)
        ? advise(count(measured), sample, 'the floor of latency is measured')
        : follow(measured, sample, latency);
    };

  function follow(memory: Memory, sample: SizeSample, latency: number) {
    const floor = Math.min(memory.least, memory.earlier);
    const allowed = tolerance * floor;
    const surely = latency - sample.latencyError;
    const slope = surely <= allowed ? 1 : Math.max(STEEPEST, allowed / surely);
    const wanted = memory.size * (slope + headroom);
    const mayGrow = isUsed(memory.size, sample) && !isSettling(memory);
    const size = wanted > memory.size && !mayGrow ? memory.size : wanted;
    const reason = `latency ${latency.toFixed(1)} ms, floor ${floor.toFixed(1)} ms`;
    return advise(count({ ...memory, size }), sample, reason);
  }

  function advise(memory: Memory, { min, max }: SizeSample, reason: string) {
    const size = clamp(memory.size, min, max);
    const advised = isProbing(memory) ? size * PROBE : size;
    return { size: advised, reason, next: decideFrom({ ...memory, size }) };
  }

  function isProbing(memory: Memory): boolean {
    return memory.count >= probeEvery - PROBE_SAMPLES;
  }

  function isSettling({ count, earlier }: Memory): boolean {
    return count < SETTLING_SAMPLES && earlier < Number.POSITIVE_INFINITY;
  }

  function count(memory: Memory): Memory {
    if (memory.count + 1 < probeEvery) return { ...memory, count: memory.count + 1 };
    return { ...memory, count: 0, least: Number.POSITIVE_INFINITY, earlier: memory.least };
  }

  return { decide: decideFrom(undefined) };
}

function begin({ size }: SizeSample): Memory {
  return { size, count: 0, least: Number.POSITIVE_INFINITY, earlier: Number.POSITIVE_INFINITY };
}
