/** What a run says on stderr. */

import { format } from 'node:util';
import type { Logger } from '../../../index.ts';
import { printableError, summarizeError } from '../../../printable/error.ts';
import { readError, readErrorData } from '../../../printable/error-fields.ts';
import { printableLine, printableName, shortened } from '../../../printable/text.ts';
import { printableValue } from '../../../printable/value.ts';
import { complaint } from '../../complaint.ts';
import { STDERR, writeTo } from '../../descriptors.ts';
import { isExpectedError } from '../../expected-error.ts';
import type { Screen } from '../progress/screen.ts';
import type { CommandOutput } from './command-output.ts';

export class Messages {
  readonly #screen: Screen | undefined;
  /** What tasks log, and what goes wrong in the pool. */
  readonly logger: Logger = {
    info: (...data) => this.say(formatted(data)),
    error: (...data) => this.say(formatted(data)),
  };

  /** @param screen there if stderr is a terminal that lines are drawn on. */
  constructor(screen: Screen | undefined) {
    this.#screen = screen;
  }

  /** A line about the run as a whole. Whatever the text is made of, it can be printed. */
  say(text: string): void {
    this.pass(complaint(text));
  }

  /** What a command printed on stderr. */
  passStderr(output: CommandOutput): void {
    if (output.length > 0) this.pass(output.bytesOf('stderr'));
  }

  /** What a command printed, as it is. */
  pass(output: string | Uint8Array): void {
    if (this.#screen === undefined) writeTo(STDERR, output);
    else this.#screen.above(() => process.stderr.write(output));
  }
}

/** An item has failed. */
export function failedLine(item: unknown, error: unknown): string {
  return complaint(`failed: ${label(item)}: ${messageOf(error)}`);
}

/** An item was cancelled. */
export function cancelledLine(item: unknown): string {
  return complaint(`cancelled: ${label(item)}`);
}

/** As `console` would, and of what cannot be read at least that it was there. */
function formatted(data: readonly unknown[]): string {
  try {
    return format(...data.map((one) => (isExpectedError(one) ? one.message : one)));
  } catch {
    return data.map((one) => printableValue(one)).join(' ');
  }
}

/** An item on one line, of bearable length. */
export function label(item: unknown): string {
  // A text that could be mistaken for something else is quoted.
  if (typeof item !== 'string' || !/^[^"\s]/.test(item) || item.endsWith(' ')) {
    return printableValue(item);
  }
  const text = shortened(item);
  return printableLine(text) === text ? text : printableValue(item);
}

/** Errors that say nothing by their name. */
const NAMELESS = ['CommandError', 'InputError', 'ProgramMissing'];
/** Errors that someone who reads the program can do something about. */
const BUGS = ['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError'];

/** What lines of a stack hold that say nothing of the user's program. */
const OTHERS = ['node:', import.meta.dirname];

/** An error with what caused it, and, of a bug, where it is. */
export function messageOf(error: unknown): string {
  const late = lateness(error);
  if (late !== undefined) return `TimeoutError: ${late}`;
  const fields = readError(error);
  const place = fields !== undefined && BUGS.includes(fields.name) ? placeIn(fields.stack) : '';
  return `${printableError(error, NAMELESS)}${place}`;
}

/** What an item failed with, without what caused it. */
export function summaryOf(error: unknown): string {
  return lateness(error) ?? summarizeError(error).message;
}

/** How long an item took that took too long, also where the error comes out of a journal. */
function lateness(error: unknown): string | undefined {
  const fields = readErrorData(error);
  if (fields?.name !== 'TaskTimedOut') return undefined;
  const [, which = '', ms] = / its (\w+) of (\d+(?:\.\d+)?) ms$/.exec(fields.message) ?? [];
  if (ms === undefined) return undefined;
  const seconds = Number(ms) / 1000;
  return which === 'deadline'
    ? `was not done ${seconds} s after it was taken from the input`
    : `took longer than ${seconds} s`;
}

/** The first place in a stack that is no part of Node, nor of this program. */
function placeIn(stack: string): string {
  const place = stack
    .split('\n')
    .find((line) => /^\s+at .*[/\\]/.test(line) && !OTHERS.some((part) => line.includes(part)));
  return place === undefined ? '' : ` ${printableName(place.trim())}`;
}
