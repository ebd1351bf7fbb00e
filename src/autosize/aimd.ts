/** A size policy by additive increase and multiplicative decrease, based on failures and latency. */

import { checkDuration } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { checkShare } from './check-share.ts';
import {
  clamp,
  type Decide,
  failureRate,
  isUsed,
  type SizePolicy,
  type SizeSample,
} from './policy.ts';

/** Options of {@link aimd}. */
export interface AimdOptions {
  /** The maximum average latency of attempts, in milliseconds. Default: `Infinity`. */
  readonly maxLatency?: number;
  /** The maximum share of failed attempts, from 0 to 1. Default: 0.05. */
  readonly maxFailureRate?: number;
  /** The share of the size by which the pool grows, from 0 to 1, at least one task. Default: 0.05. */
  readonly increase?: number;
  /** The share of the size by which the pool shrinks, from 0 to 1. Default: 0.1. */
  readonly decrease?: number;
}

type Step = readonly [size: number, reason: string];

const OPTIONS = new OptionBag<AimdOptions>({
  maxLatency: ['timeout'],
  maxFailureRate: ['errorRate', 'maxErrors'],
  increase: ['step'],
  decrease: ['backoff', 'backoffRatio'],
});

/**
 * A policy for back ends that refuse work beyond their capacity: grows the pool by a step while its slots are used
 * and all is well, and shrinks it by a share when too many attempts fail or take too long.
 *
 * @throws TypeError, RangeError for invalid options.
 */
export function aimd(options: AimdOptions = {}): SizePolicy {
  OPTIONS.check('aimd()', options);
  const {
    maxLatency = Number.POSITIVE_INFINITY,
    maxFailureRate = 0.05,
    increase = 0.05,
    decrease = 0.1,
  } = options;
  checkDuration('maxLatency', maxLatency);
  checkShare('maxFailureRate', maxFailureRate);
  checkShare('increase', increase);
  checkShare('decrease', decrease);

  const decideFrom =
    (known: number | undefined, wasLess: boolean): Decide =>
    (sample) => {
      const { min, max } = sample;
      const size = clamp(known ?? sample.size, min, max);
      if (!sample.isComplete) {
        return { size, reason: 'too few have ended', next: decideFrom(size, wasLess) };
      }
      // Most of the ended attempts began at the larger size.
      const [next, reason]: Step = wasLess ? [size, 'it has just shrunk'] : step(size, sample);
      return { size: next, reason, next: decideFrom(clamp(next, min, max), next < size) };
    };

  function step(size: number, sample: SizeSample): Step {
    const { latency = 0 } = sample;
    const less = Math.min(size - 1, Math.floor(size * (1 - decrease)));
    const rate = failureRate(sample);
    if (rate > maxFailureRate) return [less, `${Math.round(100 * rate)} % have failed`];
    if (latency > maxLatency) return [less, `latency of ${Math.round(latency)} ms`];
    if (!isUsed(size, sample)) return [size, 'the size is not used'];
    return [size + Math.max(1, Math.floor(size * increase)), 'all is well'];
  }

  return { decide: decideFrom(undefined, false) };
}
