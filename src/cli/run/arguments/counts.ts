/** Parses counts on the command line. */

import { InvalidArgumentError } from 'commander';
import { integerFrom } from '../../../kit/checks.ts';
import { visible } from '../../visible.ts';

/** @throws InvalidArgumentError unless the text is an integer of at least `least`. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= least && Number.isSafeInteger(count)) return count;
    throw new InvalidArgumentError(`expected ${integerFrom(least)}, got ${visible(text)}`);
  };
}
