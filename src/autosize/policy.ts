/** What decides about sizes: pure functions of samples. */

import { checkText, optional, refuse } from '../kit/checks.ts';
import { markHandled } from '../kit/promises.ts';
import { read } from '../kit/realms.ts';
import { checkFunction, checkOptionalFunction } from '../pool/options/check-function.ts';

const checkOptionalText = optional(checkText);

/** What a process is busy with, each as a share from 0 to 1. */
export interface SystemLoad {
  /** Of its time, how much the event loop was busy. */
  readonly eventLoop: number;
  /** Of the memory that it may use. */
  readonly memory: number;
  /** Of the time of all processors of the machine, what they were busy. */
  readonly cpu: number;
}

/** What a pool did in a stretch of time. */
export interface SizeSample {
  /** How long it was, in milliseconds. */
  readonly duration: number;
  /** The size of the pool at its end. */
  readonly size: number;
  /** The smallest and the largest size allowed. */
  readonly min: number;
  readonly max: number;
  /** Most tasks that ran at once. */
  readonly peak: number;
  /** Attempts that were fulfilled, and those that failed or timed out. Cancelled ones do not count. */
  readonly fulfilled: number;
  readonly failed: number;
  /** How long those took that were fulfilled, in milliseconds on average; undefined if there were none. */
  readonly latency: number | undefined;
  /** How far off that average is likely to be: its standard error, in milliseconds. */
  readonly latencyError: number;
  /** What waits, as `pool.numPending` counts. */
  readonly pending: number;
  /**
   * Whether as many attempts have ended as ran at once, and 20 at least: the size then shows in them.
   * If not, the next sample begins where this one did.
   */
  readonly isComplete: boolean;
  /** Of the process, at its end; there if the policy reads it. */
  readonly load?: SystemLoad | undefined;
}

/** What a policy has to say about a sample. */
export interface SizeAdvice {
  /** The size; it is rounded, and kept within the bounds. */
  readonly size: number;
  /** Why, in a few words: the reason of `pool.resized`. */
  readonly reason: string;
  /** Decides about the next sample: how a policy remembers. */
  readonly next: Decide;
}

/** Decides about a sample: a pure function, which gets the same for the same. */
export type Decide = (sample: SizeSample) => SizeAdvice;

/** Decides how large a pool is. */
export interface SizePolicy {
  /** For the first sample. */
  readonly decide: Decide;
  /** Reads what the process is busy with, once for each sample. Default: `load` is undefined. */
  readonly readLoad?: (() => SystemLoad) | undefined;
}

/** @throws TypeError unless it is advice: a promise of it is none. */
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

/** A number within bounds. */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** The share of the attempts of a sample that have failed. */
export function failureRate({ fulfilled, failed }: SizeSample): number {
  return failed === 0 ? 0 : failed / (fulfilled + failed);
}

/** Whether the pool made use of a size: otherwise nothing says what a larger one would do. */
export function isUsed(size: number, { peak }: SizeSample): boolean {
  return peak >= Math.floor(0.9 * size);
}

/** @throws NotAFunction for what is no policy. */
export function checkPolicy(policy: unknown): void {
  checkFunction('decide of policy', read(policy, 'decide'));
  checkOptionalFunction('readLoad of policy', read(policy, 'readLoad'));
}
