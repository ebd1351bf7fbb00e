/** What was thrown, as a line for people. */

import { type ErrorFields, readError, readErrorData } from './error-fields.ts';
import { printableMessage, printableName, shortened } from './text.ts';
import { printableValue } from './value.ts';

/** How long a message may get before it is cut, in characters. */
export const MAX_MESSAGE_LENGTH = 2000;
/** How many parts of an AggregateError are printed, and so many causes. */
const MAX_PARTS = 10;
const MAX_PART_LENGTH = 1000;

/** What an answer says of a failure: where it comes from, and a message of one line. */
export interface ErrorSummary {
  /** The error's `code` if it has one, otherwise its name; what else was thrown: its type. */
  readonly code: string;
  readonly message: string;
}

/** Code and message of whatever was thrown, both one printable line. Never throws. */
export function summarizeError(thrown: unknown): ErrorSummary {
  // Data with a message counts as an error here: that is how errors come out of JSON.
  const error = readError(thrown) ?? readErrorData(thrown);
  return {
    code: printableName(error === undefined ? typeof thrown : (error.code ?? error.name)),
    message: printableMessage(messageOf(thrown, error), MAX_MESSAGE_LENGTH) || NO_MESSAGE,
  };
}

const NO_MESSAGE = 'an error without a message';

/**
 * Whatever was thrown as one printable line: an error's name unless that is just `Error`, its
 * message, and what caused it. Never throws.
 *
 * @param nameless names of errors that say nothing beyond their message, besides `Error`.
 */
export function printableError(thrown: unknown, nameless: readonly string[] = []): string {
  const parts: string[] = [];
  let next: unknown = thrown;
  for (let depth = 0; depth < MAX_PARTS; depth++) {
    const error = readError(next);
    if (error === undefined) {
      if (depth === 0) return `threw ${printableValue(thrown, MAX_MESSAGE_LENGTH)}`;
      break;
    }
    const text = printableMessage(messageOf(next, error), MAX_MESSAGE_LENGTH);
    const isNameless = error.name === 'Error' || nameless.includes(error.name);
    const name = isNameless ? '' : printableName(error.name);
    parts.push([name, text].filter((part) => part !== '').join(': ') || NO_MESSAGE);
    next = error.cause;
  }
  return shortened(parts.join(': '), MAX_MESSAGE_LENGTH);
}

/** An error's message and those of its parts; a text as it is; the rest as a value. */
function messageOf(thrown: unknown, error: ErrorFields | undefined): string {
  if (typeof thrown === 'string') return thrown;
  if (error === undefined) return printableValue(thrown, MAX_MESSAGE_LENGTH);
  const parts = error.errors.slice(0, MAX_PARTS).map((part) => {
    if (typeof part === 'string') return part;
    return readError(part)?.message ?? printableValue(part);
  });
  if (error.errors.length > MAX_PARTS) parts.push(`and ${error.errors.length - MAX_PARTS} more`);
  if (parts.length === 0) return error.message;
  const texts = [error.message, ...parts].map((text) => printableMessage(text, MAX_PART_LENGTH));
  return texts.filter((text) => text !== '').join('; ');
}
