/** Prints thrown values as one readable line. */

import { firstOf } from '../kit/realms.ts';
import { type ErrorFields, readError, readErrorData } from './error-fields.ts';
import { printableMessage, printableName, shortened } from './text.ts';
import { printableValue } from './value.ts';

/** The longest message, in characters; longer ones are cut. */
export const MAX_MESSAGE_LENGTH = 2000;
/** How many parts of an AggregateError, and how many causes, are printed. */
const MAX_PARTS = 10;
const MAX_PART_LENGTH = 1000;

/** A failure in an answer: a code, and a message on one line. */
export interface ErrorSummary {
  /** The `code` of the error, or else its name; for other thrown values their type. */
  readonly code: string;
  readonly message: string;
}

/** The code and the message of any thrown value, both one printable line. Never throws. */
export function summarizeError(thrown: unknown): ErrorSummary {
  // Data with a message counts as an error, since that is the form of errors in JSON.
  const error = readError(thrown) ?? readErrorData(thrown);
  return {
    code: printableName(error === undefined ? typeof thrown : (error.code ?? error.name)),
    message: printableMessage(messageOf(thrown, error), MAX_MESSAGE_LENGTH) || NO_MESSAGE,
  };
}

const NO_MESSAGE = 'an error without a message';

/**
 * Any thrown value as one printable line: the name of an error unless that is just `Error`, its message, and its
 * causes. Never throws.
 *
 * @param nameless further names of errors that are not printed, like `Error`.
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

/** The message of an error and those of its parts; a string as it is; anything else as a value. */
function messageOf(thrown: unknown, error: ErrorFields | undefined): string {
  if (typeof thrown === 'string') return thrown;
  if (error === undefined) return printableValue(thrown, MAX_MESSAGE_LENGTH);
  const parts = firstOf(error.errors, MAX_PARTS).map((part) => {
    if (typeof part === 'string') return part;
    return readError(part)?.message ?? printableValue(part);
  });
  if (error.errors.length > MAX_PARTS) parts.push(`and ${error.errors.length - MAX_PARTS} more`);
  if (parts.length === 0) return error.message;
  const texts = [error.message, ...parts].map((text) => printableMessage(text, MAX_PART_LENGTH));
  return texts.filter((text) => text !== '').join('; ');
}
