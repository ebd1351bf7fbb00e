/** Loads on the command line, in the forms of GNU parallel's `--load`. */

import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';

const SYNTAX = /^(?<sign>[+-]?)(?<count>\d+(?:\.\d+)?)(?<percent>%?)$/;
/** What 0 stands for, and what is at least left of the cores. */
const LEAST = 0.01;

/**
 * Reads `4`, `1.5`, `80%` of the cores, `+2` or `-1`, which is two more or one less than there are cores.
 *
 * @param cores of this machine.
 * @throws InvalidArgumentError
 */
export function parseLoad(text: string, cores = availableParallelism()): number {
  const { sign = '', count, percent } = SYNTAX.exec(text)?.groups ?? {};
  if (count === undefined || (percent === '%' && sign !== '')) {
    throw new InvalidArgumentError(
      `expected a load, such as 4, 1.5, 80% or -1 (of the cores), got ${text}`,
    );
  }
  const amount = percent === '%' ? (cores * Number(count)) / 100 : Number(count);
  if (sign === '') return Math.max(LEAST, amount);
  return Math.max(LEAST, sign === '+' ? cores + amount : cores - amount);
}
