/** Parses sizes like GNU parallel: `1G` is 1024 times `1M`, `1g` is 1000 times `1m`. */

import { InvalidArgumentError } from 'commander';
import { visible } from '../../visible.ts';

const PREFIXES = 'kmgtp';

/** @returns bytes, more than 0. @throws InvalidArgumentError */
export function parseSize(text: string): number {
  const [, amount = '', prefix = ''] = /^(\d+(?:\.\d+)?|\.\d+)([kmgtp]?)b?$/i.exec(text) ?? [];
  const power = PREFIXES.indexOf(prefix.toLowerCase()) + 1;
  const base = prefix === prefix.toLowerCase() ? 1000 : 1024;
  const bytes = Number(amount) * (prefix === '' ? 1 : base ** power);
  if (bytes > 0 && Number.isFinite(bytes)) return bytes;
  throw new InvalidArgumentError(`expected a size, such as 500M or 2G, got ${visible(text)}`);
}
