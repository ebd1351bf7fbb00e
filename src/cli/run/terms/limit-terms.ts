/**
 * Converts rates, keys and loads on the command line to limits of the pool, with the names shown by `taskpool
 * control`.
 */

import type { GroupOptions, LimitOptions, PoolLimits, Rate } from '../../../index.ts';
import { placedItem } from '../../journal/item-tasks.ts';
import type { RunHeader } from '../../journal/run-header.ts';
import { parseKey } from '../exec/key-template.ts';
import { hasLists } from '../input/input.ts';
import { withNumbers } from '../input/names.ts';
import { machineRules } from './machine.ts';

/** The given terms; undefined if not given. */
export interface LimitTerms {
  readonly rate?: Rate | undefined;
  /** Milliseconds between two starts. */
  readonly delay?: number | undefined;
  /** The number of items with the same key that may run concurrently. Default, if there are keys: 1. */
  readonly perKey?: number | undefined;
  /** Nothing starts while the load average is at least this. */
  readonly load?: number | undefined;
  /** The bytes of memory that must be free for a start. */
  readonly memfree?: number | undefined;
}

/** The names of the limits. */
export type LimitName = 'rate' | 'delay' | 'key' | 'load' | 'memory';

/**
 * The limits of a new pool.
 *
 * @param header whether there are keys.
 * @param isChangeable whether the rate may be set later, so that an unlimited one is created.
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

/** The limits of a resumed pool: only what overrides the journal. */
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
  // The value that the previous process left in the journal describes the machine of then: start without a limit.
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

/** The maximum number of items read ahead. */
const LOOKAHEAD = 1000;

/**
 * The number of items to read ahead of those that can start. Without keys no item can overtake an earlier one, so
 * reading far ahead is useless; tasks waiting for a retry count too, so that a single worker finishes one item before
 * the next.
 */
export function lookaheadOf({ key }: RunHeader, concurrency: number): number {
  return key === undefined ? Math.min(LOOKAHEAD, concurrency) : LOOKAHEAD;
}
