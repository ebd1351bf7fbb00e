/** Parses delimiters of items on the command line: `,`, `\t`, `\n\n`. */

import { InvalidArgumentError } from 'commander';

/** The characters that escape sequences stand for. */
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

/** Replaces escape sequences by their characters. */
export function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (whole, letter: string) => ESCAPES[letter] ?? whole);
}

/** Parses a delimiter with escape sequences, such as `\t`. @throws InvalidArgumentError */
export function parseDelimiter(text: string): string {
  const delimiter = unescaped(text);
  if (delimiter !== '') return delimiter;
  throw new InvalidArgumentError('expected what ends an item, such as , or \\t, got nothing');
}
