/** A few lines at the bottom of the terminal that are drawn again and again. */

import type { WriteStream } from 'node:tty';
import measure from 'fast-string-truncated-width';

const CLEAR_LINE = '\x1b[2K';
const CLEAR_REST_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
/** What is wider than thought is cut off by the terminal itself, and does not begin another line. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

const ELLIPSIS = { ellipsis: '…', ellipsisWidth: 1 };

export class Screen {
  readonly #terminal: WriteStream;
  /** The columns that each line takes which is drawn now. */
  #drawn: readonly number[] = [];

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  /** How many columns a line may take: the last one is left free, since a full line may wrap. */
  get width(): number {
    return Math.max(1, this.#terminal.columns - 1);
  }

  /**
   * Draws lines in place of those that were drawn before: each over what is there, since a terminal
   * that is cleared as a whole may keep what was on it among the lines that were scrolled away.
   */
  draw(lines: readonly string[]): void {
    if (lines.length === 0) {
      this.#erase();
      return;
    }
    const fitting = lines
      .slice(0, Math.max(1, this.#terminal.rows - 1))
      .map((line) => truncated(line, this.width));
    const text = fitting.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('');
    const rest = this.#numRows > fitting.length ? CLEAR_BELOW : '';
    this.#terminal.write(`${up(this.#numRows)}${NO_WRAP}${text}${WRAP}${rest}`);
    this.#drawn = fitting.map((line) => measure(line).width);
  }

  /** Writes something that stays, where the lines were; they come back when they are drawn next. */
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

  /** How many rows are drawn: a terminal that has become narrower has wrapped them. */
  get #numRows(): number {
    const { columns } = this.#terminal;
    return this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  }
}

/** To the start of a line that is so many rows above. */
function up(rows: number): string {
  return rows === 0 ? '\r' : `\x1b[${rows}A\r`;
}

/** A line of so many columns at the most: wide characters take two. */
function truncated(line: string, width: number): string {
  const { index, ellipsed } = measure(line, { limit: width, ...ELLIPSIS });
  return ellipsed ? `${line.slice(0, index)}${ELLIPSIS.ellipsis}` : line.slice(0, index);
}
