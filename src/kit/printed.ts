/** Makes untrusted text safe to print on one line, in messages and in `toString`. */

import { textWithin } from './bounded.ts';
import { shortened } from './shortened.ts';

const LONGEST = 200;

/** The method that `console.log` of Node, Bun and Deno calls. */
export const PRINTED: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Any text on one line, at most 200 characters, without characters that move the cursor. */
export function oneLine(text: string): string {
  return shortened(text, LONGEST).replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${(char.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );
}

/** A name in quotes for a message, always on one line. */
export function quoted(name: unknown): string {
  return `'${oneLine(textWithin(LONGEST, name))}'`;
}

/** Lists counts, except those that are 0: `, 2 running, 1 failed`. */
export function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `, ${count} ${what}`)
    .join('');
}

/** A number and what it counts: `1 start`, `2 starts`. */
export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
