/** Parses the number of concurrent items, in the forms of GNU parallel's `-j`. */

import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { visible } from '../../visible.ts';

const SYNTAX = /^(?<sign>[+-]?)(?<count>\d+)$|^(?<percent>\d+(?:\.\d+)?)%$/;

/**
 * Parses `8`, `50%` of the cores, `+2` or `-1` (two more or one less than the number of cores); `0` is no limit.
 *
 * @param cores the number of cores; default: those of this machine.
 * @returns at least 1, or Infinity.
 * @throws InvalidArgumentError
 */
export function parseJobs(text: string, cores = availableParallelism()): number {
  const { sign, count, percent } = SYNTAX.exec(text)?.groups ?? {};
  const amount = Number(count ?? percent);
  if (!Number.isSafeInteger(Math.ceil(amount))) {
    throw new InvalidArgumentError(
      `expected a number, such as 8, 50% or +2 (of the cores), or 0 for no limit, got ${visible(text)}`,
    );
  }
  if (percent !== undefined) return atLeastOne(Math.ceil((cores * amount) / 100));
  if (sign === '+') return cores + amount;
  if (sign === '-') return atLeastOne(cores - amount);
  return amount === 0 ? Number.POSITIVE_INFINITY : amount;
}

function atLeastOne(count: number): number {
  return Math.max(1, count);
}
