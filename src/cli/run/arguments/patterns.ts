/** Validates regular expressions on the command line. */

import { InvalidArgumentError } from 'commander';

/** @returns the text. @throws InvalidArgumentError unless it is a regular expression. */
export function parsePattern(text: string): string {
  try {
    new RegExp(text, 'u');
  } catch (error) {
    throw new InvalidArgumentError(
      `expected a regular expression of JavaScript, such as \\s+, got ${(error as Error).message}`,
    );
  }
  if (text !== '') return text;
  throw new InvalidArgumentError('expected a regular expression, got nothing');
}
