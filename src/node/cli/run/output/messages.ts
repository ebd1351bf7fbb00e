/** What a run says on stderr. */

import { format } from 'node:util';
import type { Logger } from '../../../../index.ts';
import { PREFIX } from '../../exit.ts';
import type { Screen } from '../progress/screen.ts';
import { textOf } from '../work.ts';

export class Messages {
  readonly #screen: Screen | undefined;
  /** What tasks log, and what goes wrong in the pool. */
  readonly logger: Logger = {
    info: (...data) => this.say(format(...data)),
    error: (...data) => this.say(format(...data)),
  };

  /** @param screen there if stderr is a terminal that lines are drawn on. */
  constructor(screen: Screen | undefined) {
    this.#screen = screen;
  }

  /** A line about the run as a whole. */
  say(text: string): void {
    this.pass(`${PREFIX}${text}\n`);
  }

  /** An item has failed. */
  failed(item: unknown, error: unknown): void {
    this.say(`failed: ${label(item)}: ${messageOf(error)}`);
  }

  /** An item was cancelled. */
  cancelled(item: unknown): void {
    this.say(`cancelled: ${label(item)}`);
  }

  /** What a command printed, as it is. */
  pass(output: string | Uint8Array): void {
    if (this.#screen === undefined) process.stderr.write(output);
    else this.#screen.above(() => process.stderr.write(output));
  }
}

/** An item on one line, of bearable length. */
export function label(item: unknown): string {
  // A text that could be mistaken for something else is quoted.
  const text = textOf(item);
  const shown =
    typeof item === 'string' && /^[^"\s\p{C}][^\p{C}]*$/u.test(text) && !text.endsWith(' ')
      ? text
      : JSON.stringify(item);
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}

/** An error with what caused it, and, of a bug, where it is. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${JSON.stringify(error) ?? String(error)}`;
  const { name, message, cause } = error;
  const text = name === 'Error' || name === 'CommandError' ? message : `${name}: ${message}`;
  const place = isBug(error) ? placeOf(error) : '';
  return `${text}${place}${cause instanceof Error ? `: ${messageOf(cause)}` : ''}`;
}

function isBug(error: Error): boolean {
  return (
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError ||
    error instanceof RangeError
  );
}

/** The first place in the stack that is no part of Node. */
function placeOf(error: Error): string {
  const lines = error.stack?.split('\n') ?? [];
  const place = lines.find(
    (line) => /^\s+at .*(?:file:|\/|\\)/.test(line) && !line.includes('node:'),
  );
  return place === undefined ? '' : ` ${place.trim()}`;
}
