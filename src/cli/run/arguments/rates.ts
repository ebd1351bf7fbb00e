/** Parses rates on the command line: `10/s`, `600/m`, `5000/h`, `100/15s`. */

import { InvalidArgumentError } from 'commander';
import type { Rate } from '../../../index.ts';
import { visible } from '../../visible.ts';
import { millisecondsOf } from './durations.ts';

/** @throws InvalidArgumentError */
export function parseRate(text: string): Rate {
  const [, count = '', amount = '', unit = ''] = /^(\d+)\/([\d.]*)(ms|s|m|h)$/.exec(text) ?? [];
  const max = Number(count);
  const per = millisecondsOf(`${amount === '' ? '1' : amount}${unit}`);
  if (Number.isSafeInteger(max) && max > 0 && per > 0) return { max, per };
  throw new InvalidArgumentError(
    `expected a number of starts in a time, such as 10/s, 600/m or 100/15s, got ${visible(text)}`,
  );
}
