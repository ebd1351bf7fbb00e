/** A few lines at the bottom of the terminal that are redrawn in place. */

import type { WriteStream } from 'node:tty';
import measure from 'fast-string-truncated-width';

const CLEAR_LINE = '\x1b[2K';
const CLEAR_REST_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
/** Makes the terminal truncate a line that is wider than measured, instead of wrapping it. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

/** The size of a terminal that does not know it, and reports 0: a serial console, or that of some containers. */
const UNKNOWN = { columns: 80, rows: 24 };

const ELLIPSIS = { ellipsis: '…', ellipsisWidth: 1 };

export class Screen {
  readonly #terminal: WriteStream;
  /** The width of each line drawn now, in columns. */
  #drawn: readonly number[] = [];

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  /** The maximum width of a line: the last column stays free, since a full line may wrap. */
  get width(): number {
    return Math.max(1, this.#columns - 1);
  }

  /**
   * Redraws the lines, each over the old one: a terminal that is cleared as a whole may keep the old contents in its
   * scrollback.
   */
  draw(lines: readonly string[]): void {
    if (lines.length === 0) {
      this.#erase();
      return;
    }
    const fitting = lines
      .slice(0, Math.max(1, (this.#terminal.rows || UNKNOWN.rows) - 1))
      .map((line) => truncated(line, this.width));
    const text = fitting.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('');
    const rest = this.#numRows > fitting.length ? CLEAR_BELOW : '';
    this.#terminal.write(`${up(this.#numRows)}${NO_WRAP}${text}${WRAP}${rest}`);
    this.#drawn = fitting.map((line) => measure(line).width);
  }

  /** Writes permanent output where the lines were; they reappear at the next draw. */
  above(write: () => void): void {
    this.#erase();
    write();
  }

  #erase(): void {
    const rows = this.#numRows;
    if (rows === 0) return;
    this.#terminal.write(`${up(rows)}${`${CLEAR_LINE}\n`.repeat(rows)}${up(rows)}`);
    this.#drawn = [];
  }

  get #columns(): number {
    return this.#terminal.columns || UNKNOWN.columns;
  }

  /** The number of drawn rows: a terminal that became narrower has wrapped them. */
  get #numRows(): number {
    const columns = this.#columns;
    return this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  }
}

/** Moves to the start of the line this many rows above. */
function up(rows: number): string {
  return rows === 0 ? '\r' : `\x1b[${rows}A\r`;
}

/** Truncates a line to a number of columns; wide characters take two. */
function truncated(line: string, width: number): string {
  const { index, ellipsed } = measure(line, { limit: width, ...ELLIPSIS });
  return ellipsed ? `${line.slice(0, index)}${ELLIPSIS.ellipsis}` : line.slice(0, index);
}
