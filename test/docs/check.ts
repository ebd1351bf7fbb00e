/** What the code of the documentation is compiled with, see `markdown.ts`. */

import { deepStrictEqual } from 'node:assert/strict';

/** Lines that were not reached yet. */
const missing = new Set<number>();
const failures: string[] = [];

/** `actual; // => expected` in a given line. Returns `actual`. */
export function $check<T>(line: number, actual: T, expected: unknown): T {
  missing.delete(line);
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    // Kept as well: what is thrown in a callback ends in a log.
    failures.push(`line ${line}: ${(error as Error).message}`);
    throw error;
  }
  return actual;
}

/** The program fails unless every one of these lines is checked before it ends. */
export function $expect(...lines: readonly number[]): void {
  for (const line of lines) missing.add(line);
}

process.once('exit', () => {
  for (const line of missing) failures.push(`line ${line}: expected to be reached`);
  if (failures.length === 0) return;
  process.exitCode ||= 1;
  console.error(failures.join('\n'));
});
