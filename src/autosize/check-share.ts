import { checkFrom } from '../kit/checks.ts';

/**
 * @throws TypeError if it is not a number, RangeError unless it is between 0 and 1.
 */
export function checkShare(name: string, value: number): void {
  checkFrom(name, value, 0);
  if (value <= 1) return;
  throw new RangeError(`expected ${name} to be a number from 0 to 1, got ${value}`);
}
