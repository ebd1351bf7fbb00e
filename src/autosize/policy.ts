/** The interface of size policies: pure functions of samples. */

import { checkText, optional, refuse } from '../kit/checks.ts';
import { markHandled } from '../kit/promises.ts';
import { read } from '../kit/realms.ts';
import { checkFunction, checkOptionalFunction } from '../pool/options/check-function.ts';

const checkOptionalText = optional(checkText);

/** The load of a process, each value a share from 0 to 1. */
export interface SystemLoad {
  /** The utilization of the event loop. */
  readonly eventLoop: number;
  /** The share of the memory available to the process. */
  readonly memory: number;
  /** The utilization of all processors of the machine together. */
  readonly cpu: number;
}

/** The activity of a pool in a period. */
export interface SizeSample {
  /** The length of the period in milliseconds. */
  readonly duration: number;
  /** The size of the pool at the end. */
  readonly size: number;
  /** The smallest size allowed. */
  readonly min: number;
  /** The largest size allowed. */
  readonly max: number;
  /** The maximum number of concurrent tasks. */
  readonly peak: number;
  /** The number of fulfilled attempts. */
  readonly fulfilled: number;
  /** The number of attempts that failed or timed out. Cancelled ones do not count. */
  readonly failed: number;
  /** The average duration of fulfilled attempts, in milliseconds; undefined if there were none. */
  readonly latency: number | undefined;
  /** The standard error of that average, in milliseconds. */
  readonly latencyError: number;
  /** The number of pending items, as in `pool.numPending`. */
  readonly pending: number;
  /**
   * Whether as many attempts have ended as ran concurrently, and at least 20, so that they reflect the size.
   * Otherwise the next sample begins where this one did.
   */
  readonly isComplete: boolean;
  /** The load of the process at the end; set if the policy reads it. */
  readonly load?: SystemLoad | undefined;
}

/** The decision of a policy about a sample. */
export interface SizeAdvice {
  /** The size; it is rounded, and limited to the bounds. */
  readonly size: number;
  /** A short explanation: the reason of `pool.resized`. */
  readonly reason: string;
  /** Decides about the next sample; a policy keeps its state in this closure. */
  readonly next: Decide;
}

/** Decides about a sample. Must be a pure function: the same sample gets the same decision. */
export type Decide = (sample: SizeSample) => SizeAdvice;

/** Decides about the size of a pool. */
export interface SizePolicy {
  /** Decides about the first sample. */
  readonly decide: Decide;
  /** Reads the load of the process, once per sample. Default: `load` is undefined. */
  readonly readLoad?: (() => SystemLoad) | undefined;
}

/**
 * @throws TypeError unless it is a valid decision; a promise of one is not.
 */
export function checkedAdvice(advice: unknown): SizeAdvice {
  markHandled(advice);
  const { size, reason, next } = Object(advice) as SizeAdvice;
  if (typeof size !== 'number' || Number.isNaN(size)) {
    refuse('the size that a policy advises to be a number', size);
  }
  checkOptionalText('the reason that a policy gives', reason);
  checkFunction('next of what a policy advises', next);
  return { size, reason, next };
}

/** Limits a value to bounds. */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** The share of failed attempts in a sample. */
export function failureRate({ fulfilled, failed }: SizeSample): number {
  return failed === 0 ? 0 : failed / (fulfilled + failed);
}

/** Whether the pool has used its size: otherwise nothing is known about larger sizes. */
export function isUsed(size: number, { peak }: SizeSample): boolean {
  return peak >= Math.floor(0.9 * size);
}

/**
 * @throws NotAFunction for an invalid policy.
 */
export function checkPolicy(policy: unknown): void {
  checkFunction('decide of policy', read(policy, 'decide'));
  checkOptionalFunction('readLoad of policy', read(policy, 'readLoad'));
}
