/** What the code of the documentation is compiled with, see `markdown.ts`. */

import { deepStrictEqual } from 'node:assert/strict';

/** Lines that were not reached yet, of each program that runs in this thread. */
const missing: Set<number>[] = [];
const failures: string[] = [];

/** Makes `$check` for a program, which fails unless every one of these lines is checked before it ends. */
export function checksOf(...lines: readonly number[]) {
  const mine = new Set(lines);
  missing.push(mine);
  /** `actual; // => expected` in a given line. Returns `actual`. */
  return <T>(line: number, actual: T, expected: unknown): T => {
    mine.delete(line);
    try {
      deepStrictEqual(actual, expected);
    } catch (error) {
      // Kept as well: what is thrown in a callback ends in a log.
      failures.push(`line ${line}: ${(error as Error).message}`);
      throw error;
    }
    return actual;
  };
}

process.once('exit', () => {
  for (const lines of missing) {
    for (const line of lines) failures.push(`line ${line}: expected to be reached`);
  }
  if (failures.length === 0) return;
  process.exitCode ||= 1;
  console.error(failures.join('\n'));
});
