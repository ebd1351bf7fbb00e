/** Parses the value of `--trim`: `l`, `r`, `lr` (or `rl`), `n`. */

import { InvalidArgumentError } from 'commander';
import { visible } from '../../visible.ts';
import type { Trim } from '../input/trimming.ts';

const SIDES: Readonly<Record<string, Trim>> = { l: 'l', r: 'r', lr: 'lr', rl: 'lr', n: 'n' };

/** @throws InvalidArgumentError */
export function parseTrim(text: string): Trim {
  const trim = Object.hasOwn(SIDES, text) ? SIDES[text] : undefined;
  if (trim !== undefined) return trim;
  throw new InvalidArgumentError(`expected l, r, lr or n, got ${visible(text)}`);
}
