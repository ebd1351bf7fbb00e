/** A few lines at the bottom of the terminal that are drawn again and again. */

import type { WriteStream } from 'node:tty';

const CLEAR_BELOW = '\x1b[J';

export class Screen {
  readonly #terminal: WriteStream;
  /** How many lines are drawn now. */
  #drawn = 0;

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  /** Draws lines in place of those that were drawn before. */
  draw(lines: readonly string[]): void {
    const width = this.#terminal.columns;
    const fitting = lines.slice(0, Math.max(1, this.#terminal.rows - 1));
    const text = fitting.map((line) => `${truncated(line, width)}\n`).join('');
    this.#terminal.write(this.#undo() + text);
    this.#drawn = fitting.length;
  }

  /** Writes something that stays, where the lines were; they come back when they are drawn next. */
  above(write: () => void): void {
    if (this.#drawn > 0) this.#terminal.write(this.#undo());
    this.#drawn = 0;
    write();
  }

  #undo(): string {
    return this.#drawn === 0 ? '' : `\x1b[${this.#drawn}A\r${CLEAR_BELOW}`;
  }
}

/** A line that wraps would be two. */
function truncated(line: string, width: number): string {
  const characters = Array.from(line);
  return characters.length < width ? line : `${characters.slice(0, width - 2).join('')}…`;
}
