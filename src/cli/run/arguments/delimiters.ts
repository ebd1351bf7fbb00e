/** What ends an item in the input, on the command line: `,`, `\t`, `\n\n`. */

import { InvalidArgumentError } from 'commander';

/** What a backslash and a letter stand for. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** A text with escapes as what it stands for. */
export function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (whole, letter: string) => ESCAPES[letter] ?? whole);
}

/** Reads a text with escapes, such as `\t`. @throws InvalidArgumentError */
export function parseDelimiter(text: string): string {
  const delimiter = unescaped(text);
  if (delimiter !== '') return delimiter;
  throw new InvalidArgumentError('expected what ends an item, such as , or \\t, got nothing');
}
