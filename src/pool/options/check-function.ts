/** The check of functions that users pass. */

import { NotAFunction } from '../../errors.ts';
import { type Check, describe, optional } from '../../kit/checks.ts';

/** @throws NotAFunction */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new NotAFunction(`expected ${name} to be a function, got ${describe(value)}`);
}

export const checkOptionalFunction: Check = optional(checkFunction);
