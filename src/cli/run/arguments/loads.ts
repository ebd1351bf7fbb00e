/** Parses load averages, in the forms of GNU parallel's `--load`. */

import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { visible } from '../../visible.ts';

const SYNTAX = /^(?<sign>[+-]?)(?<count>\d+(?:\.\d+)?)(?<percent>%?)$/;
/** The lowest load that can be asked for, which `0` stands for. */
const LEAST = 0.01;

/**
 * Parses `4`, `1.5`, `80%` of the cores, `+2` or `-1` (two more or one less than the number of cores).
 *
 * @param cores the number of cores; default: those of this machine.
 * @throws InvalidArgumentError
 */
export function parseLoad(text: string, cores = availableParallelism()): number {
  const { sign = '', count, percent } = SYNTAX.exec(text)?.groups ?? {};
  if (count === undefined || (percent === '%' && sign !== '')) {
    throw new InvalidArgumentError(
      `expected a load, such as 4, 1.5, 80% or -1 (of the cores), got ${visible(text)}`,
    );
  }
  const amount = percent === '%' ? (cores * Number(count)) / 100 : Number(count);
  if (sign === '') return Math.max(LEAST, amount);
  return Math.max(LEAST, sign === '+' ? cores + amount : cores - amount);
}
