/** Parses durations on the command line: `500ms`, `30s`, `2m`, `1.5h`, `1d12h`; a plain number is seconds. */

import { InvalidArgumentError } from 'commander';
import { visible } from '../../visible.ts';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?|\.\d+)(ms|[smhd])?/gy;
/** The longest delay of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Parses a duration above 0. @returns milliseconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const milliseconds = millisecondsOf(text);
  if (milliseconds > 0 && milliseconds <= LONGEST) return milliseconds;
  throw expected('longer than 0', text);
}

/** Parses a duration that may be 0. @returns milliseconds. @throws InvalidArgumentError */
export function parseDelay(text: string): number {
  const milliseconds = millisecondsOf(text);
  if (milliseconds >= 0 && milliseconds <= LONGEST) return milliseconds;
  throw expected('of 0, for at once, or longer', text);
}

/** The timeout of an attempt: milliseconds, or a percentage of the median of other attempts. */
export type TimeoutTerm = number | { readonly percent: number };

/** Parses a duration, or a percentage above 100. @throws InvalidArgumentError */
export function parseTimeout(text: string): TimeoutTerm {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (digits === undefined) return parseDuration(text);
  const percent = Number(digits);
  if (percent > 100 && Number.isFinite(percent)) return { percent };
  throw new InvalidArgumentError(
    `expected more than 100% of the median of what items take, such as 200%, got ${visible(text)}`,
  );
}

/**
 * @returns milliseconds, or NaN for an invalid duration.
 */
export function millisecondsOf(text: string): number {
  const parts = [...text.matchAll(PART)];
  const isWhole =
    parts.length > 0 && parts.reduce((sum, [part]) => sum + part.length, 0) === text.length;
  // A number without unit is valid only on its own.
  const isClear = parts.length === 1 || parts.every(([, , unit]) => unit !== undefined);
  if (!isWhole || !isClear) return Number.NaN;
  return parts.reduce(
    (sum, [, amount, unit = 's']) =>
      sum + Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS],
    0,
  );
}

function expected(least: string, text: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `expected a duration ${least}, at most 24 days, such as 500ms, 30s or 2m, got ${visible(text)}`,
  );
}
