/** The messages of a run on stderr. */

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
  /** The logger for tasks and the pool. */
  readonly logger: Logger = {
    info: (...data) => this.say(formatted(data)),
    error: (...data) => this.say(formatted(data)),
  };

  /**
   * @param screen set if stderr is a terminal on which lines are drawn.
   */
  constructor(screen: Screen | undefined) {
    this.#screen = screen;
  }

  /** Prints a line about the run as a whole, made safe to print. */
  say(text: string): void {
    this.pass(complaint(text));
  }

  /** Passes on the stderr of a command. */
  passStderr(output: CommandOutput): void {
    if (output.length > 0) this.pass(output.bytesOf('stderr'));
  }

  /** Passes on output unchanged. */
  pass(output: string | Uint8Array): void {
    if (this.#screen === undefined) writeTo(STDERR, output);
    else this.#screen.above(() => process.stderr.write(output));
  }
}

/** The line for a failed item. */
export function failedLine(item: unknown, error: unknown): string {
  return complaint(`failed: ${label(item)}: ${messageOf(error)}`);
}

/** The line for a cancelled item. */
export function cancelledLine(item: unknown): string {
  return complaint(`cancelled: ${label(item)}`);
}

/** Formats like `console.log`; values that throw on access are printed safely instead. */
function formatted(data: readonly unknown[]): string {
  try {
    return format(...data.map((one) => (isExpectedError(one) ? one.message : one)));
  } catch {
    return data.map((one) => printableValue(one)).join(' ');
  }
}

/** An item on one line, shortened. */
export function label(item: unknown): string {
  // Text that could be mistaken for something else is quoted.
  if (typeof item !== 'string' || !/^[^"\s]/.test(item) || item.endsWith(' ')) {
    return printableValue(item);
  }
  const text = shortened(item);
  return printableLine(text) === text ? text : printableValue(item);
}

/** Errors whose name adds no information. */
const NAMELESS = ['CommandError', 'InputError', 'ProgramMissing'];
/** Errors that indicate a bug in the user's program. */
const BUGS = ['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError'];

/** Parts of stack lines that are not in the user's program. */
const OTHERS = ['node:', import.meta.dirname];

/** An error with its causes, and for bugs its place. */
export function messageOf(error: unknown): string {
  const late = lateness(error);
  if (late !== undefined) return `TimeoutError: ${late}`;
  const fields = readError(error);
  const place = fields !== undefined && BUGS.includes(fields.name) ? placeIn(fields.stack) : '';
  return `${printableError(error, NAMELESS)}${place}`;
}

/** The message of an error without its causes. */
export function summaryOf(error: unknown): string {
  return lateness(error) ?? summarizeError(error).message;
}

/** A timeout or deadline in words, also for errors read from a journal. */
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

/** The first place in a stack that is neither in Node nor in this program. */
function placeIn(stack: string): string {
  const place = stack
    .split('\n')
    .find((line) => /^\s+at .*[/\\]/.test(line) && !OTHERS.some((part) => line.includes(part)));
  return place === undefined ? '' : ` ${printableName(place.trim())}`;
}
