/** When items may start: as limits of the pool, each by the name that `taskpool control` has for it. */

import type { GroupOptions, LimitOptions, PoolLimits, Rate } from '../../../index.ts';
import { placedItem } from '../../journal/item-tasks.ts';
import type { RunHeader } from '../../journal/run-header.ts';
import { parseKey } from '../exec/key-template.ts';
import { hasLists } from '../input/input.ts';
import { withNumbers } from '../input/names.ts';
import { machineRules } from './machine.ts';

/** What is said of that; what is not said is undefined. */
export interface LimitTerms {
  readonly rate?: Rate | undefined;
  /** Milliseconds between two starts. */
  readonly delay?: number | undefined;
  /** How many items with the same key may run at a time. Default, where there are keys: 1. */
  readonly perKey?: number | undefined;
  /** The load of the machine from which on nothing starts. */
  readonly load?: number | undefined;
  /** Bytes of memory that have to be free for a start. */
  readonly memfree?: number | undefined;
}

/** What the pool of a run has limits for. */
export type LimitName = 'rate' | 'delay' | 'key' | 'load' | 'memory';

/**
 * What the limits allow, apart from those that are in a journal and not said anew.
 *
 * @param header whether there are keys.
 * @param isChangeable whether someone may set a rate later.
 */
export function poolLimits(
  terms: LimitTerms,
  { key }: RunHeader,
  isChangeable: boolean,
): Partial<Record<LimitName, LimitOptions>> {
  const { rate, delay, perKey } = terms;
  return {
    ...(rate !== undefined ? { rate: { rate } } : isChangeable ? { rate: {} } : {}),
    ...(delay === undefined || delay === 0 ? {} : { delay: { rate: { max: 1, per: delay } } }),
    ...(key === undefined ? {} : { key: { concurrent: perKey ?? 1 } }),
    ...Object.fromEntries(machineRules(terms).map(({ limit, allows }) => [limit, allows()])),
  };
}

/** The same of a run that is resumed, beside what its journal says. */
export function resumedLimits(
  terms: LimitTerms,
  header: RunHeader,
  isChangeable: boolean,
  known: readonly string[],
): PoolLimits {
  const said = poolLimits(terms, header, isChangeable);
  const { rate, delay, perKey } = terms;
  if (rate === undefined && known.includes('rate')) delete said.rate;
  if (delay === undefined && known.includes('delay')) delete said.delay;
  if (perKey === undefined && known.includes('key')) delete said.key;
  // Whatever the machine was like when the process before ended.
  for (const name of ['load', 'memory'] as const) if (known.includes(name)) said[name] ??= {};
  return said;
}

/** The keys by which limits count the items of a group. */
export function groupLimits(
  names: readonly string[],
  { key, input }: RunHeader,
  group: string,
): NonNullable<GroupOptions<unknown>['limits']> {
  const keyOf =
    key === undefined ? undefined : parseKey(withNumbers(key, input.names), hasLists(input));
  const keyOfArgument = (argument: unknown) => keyOf?.(placedItem(group, 0, argument).item);
  return Object.fromEntries(
    names.map((name) => [name, name === 'key' ? keyOfArgument : (true as const)]),
  );
}

/** How many items are taken at the most beyond those that can start. */
const LOOKAHEAD = 1000;

/**
 * How many items are taken from the input beyond what can start. Where no item can start before another
 * one that was taken earlier, there is no use in many: those that wait to be tried again count too, so
 * that a single worker does one item after the other.
 */
export function lookaheadOf({ key }: RunHeader, concurrency: number): number {
  return key === undefined ? Math.min(LOOKAHEAD, concurrency) : LOOKAHEAD;
}
