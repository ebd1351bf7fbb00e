/** The options of limits, and their checks. */

import { LimitNotFound } from '../../errors.ts';
import { defined } from '../../events/event-columns.ts';
import type { LimitKey, LimitNumbers, RateNumbers } from '../../events/events.ts';
import { checkCount, checkFlag, checkLimit, checkPositive, refuse } from '../../kit/checks.ts';
import { hint } from '../../kit/nearest.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { quoted } from '../../kit/printed.ts';
import { isObject } from '../../kit/realms.ts';
import { hasFieldsOf } from '../../kit/same-fields.ts';
import { limitToJson } from '../../machines/limits.ts';
import { checkedKey, type GroupLimits, isKey, Terms } from './terms.ts';

/** How many tasks may start in a period of time. */
export interface Rate {
  /** The most starts in any window of `per` milliseconds, wherever it begins: a positive integer. */
  readonly max: number;
  /** The length of the window in milliseconds, a positive number. */
  readonly per: number;
  /** Whether starts are spaced evenly, `per / max` apart. Default: false. */
  readonly spread?: boolean;
}

/** Options of a limit, which apply to each of its keys. */
export interface LimitOptions {
  /**
   * How many tasks with the same key may run at once: a non-negative integer or `Infinity`. Default: `Infinity`.
   */
  readonly concurrent?: number;
  /** How many tasks with the same key may start in a period of time; each attempt counts. Default: no limit. */
  readonly rate?: Rate;
}

/** The limits of a pool, by their names. */
export type PoolLimits = Readonly<Record<string, LimitOptions>>;

/** The limits of a pool without any. */
export type NoLimits = Readonly<Record<never, never>>;

const limitOptions = new OptionBag<LimitOptions>({
  concurrent: [checkLimit, 'max', 'limit', 'size'],
  rate: [checkRate, 'interval', 'limiter', 'throttle', 'perSecond'],
});
const rateOptions = new OptionBag<Rate>({
  max: [
    (name, value) => checkCount(name, value, 1),
    'limit',
    'count',
    'intervalCap',
    'tokens',
    'requests',
    'reservoir',
  ],
  per: [checkPositive, 'interval', 'duration', 'window', 'ms', 'every'],
  spread: [checkFlag, 'evenly', 'smooth', 'spacing', 'minTime'],
});

/** @throws TypeError, RangeError for invalid limits. */
export function checkPoolLimits(where: string, limits: unknown): void {
  if (!isObject(limits)) refuse(`${where} to be an object of limits by name`, limits);
  for (const [name, options] of Object.entries(limits)) {
    limitOptions.check(`${where}.${name}`, options, `${where}.${name}.`);
  }
}

/** @throws TypeError, RangeError for an invalid rate. */
export function checkRate(where: string, rate: unknown): void {
  rateOptions.check(where, rate, `${where}.`);
  const { max, per } = rate as Partial<Rate>;
  checkCount(`${where}.max`, max);
  checkPositive(`${where}.per`, per);
}

/** Limits in the form they have in events. */
export function numbersOf(limits: PoolLimits): Record<string, LimitNumbers> {
  const entries = Object.entries(limits).map(([name, options]): [string, LimitNumbers] => {
    const { concurrent = Number.POSITIVE_INFINITY, rate } = options;
    return [name, { concurrent: limitToJson(concurrent), rate: rateNumbers(rate) }];
  });
  return Object.fromEntries(entries);
}

export function rateNumbers(rate: Rate | undefined): RateNumbers | null {
  if (rate === undefined) return null;
  const { max, per, spread = false } = rate;
  return spread ? { max, per, spread } : { max, per };
}

/**
 * Checks the option `limits` of a group; undefined if no limit applies.
 *
 * @throws LimitNotFound, TypeError
 */
export function termsOf(
  limits: GroupLimits | undefined,
  known: readonly string[],
): Terms | undefined {
  if (limits === undefined || numChecked(limits, known, true) === 0) return undefined;
  return new Terms(limits);
}

type Keys = Readonly<Record<string, LimitKey>>;

/**
 * Checks the option `limits` of a submission, whose keys are never functions; undefined if no limit applies.
 *
 * @throws LimitNotFound, TypeError
 */
export function keysFrom(
  limits: GroupLimits | undefined,
  known: readonly string[],
): Keys | undefined {
  if (limits === undefined) return undefined;
  const numKeys = numChecked(limits, known, false);
  if (numKeys === 0) return undefined;
  const first = firstOf(limits);
  let shared = recent.get(first);
  if (shared?.numKeys !== numKeys || !hasFieldsOf(limits, shared.keys)) {
    shared = { keys: defined(limits) as Keys, numKeys };
    if (recent.size === MOST_RECENT) recent.clear();
    if (Object.values(shared.keys).every(isShort)) recent.set(first, shared);
  }
  return shared.keys;
}

const MOST_RECENT = 1000;
/** Longer keys are not remembered: as many could fill the memory. */
const LONGEST_RECENT = 256;

/** The keys of recent calls by their first key: calls with the same ones share an object while they wait. */
const recent = new Map<unknown, { readonly keys: Keys; readonly numKeys: number }>();

function isShort(key: LimitKey): boolean {
  return typeof key !== 'string' || key.length <= LONGEST_RECENT;
}

function firstOf(limits: GroupLimits): unknown {
  for (const name in limits) if (limits[name] !== undefined) return limits[name];
  return undefined;
}

/** Checks the names of limits and their keys; returns how many limits apply. */
function numChecked(limits: GroupLimits, known: readonly string[], mayBeFunctions: boolean) {
  if (!isObject(limits)) refuse('limits to be an object of keys by name', limits);
  let numKeys = 0;
  for (const name of Object.keys(limits)) {
    const key: unknown = limits[name];
    if (!known.includes(name)) refuseLimit(name, known);
    if (key === undefined) continue;
    const isFunction = mayBeFunctions && typeof key === 'function';
    if (!isFunction && !isKey(key)) checkedKey(`limits.${name}`, key);
    numKeys++;
  }
  return numKeys;
}

/** @throws LimitNotFound */
function refuseLimit(name: string, known: readonly string[]): never {
  const said = hint(name, known);
  throw new LimitNotFound(`expected the name of a limit of the pool, got ${quoted(name)}: ${said}`);
}
