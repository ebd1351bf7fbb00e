/** Parses counts on the command line. */

import { InvalidArgumentError } from 'commander';
import { visible } from '../../visible.ts';

/** @throws InvalidArgumentError unless the text is a whole number from `least` on. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= least && Number.isSafeInteger(count)) return count;
    throw new InvalidArgumentError(
      `expected a whole number from ${least} on, got ${visible(text)}`,
    );
  };
}
