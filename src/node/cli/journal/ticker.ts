/** A line on stderr that follows what changes: drawn in place on a terminal, else one a second. */

import { Screen } from '../run/progress/screen.ts';

/** Milliseconds between two drawings, and between two lines where nothing can be drawn. */
const REDRAW = 100;
const PLAIN = 1000;

export class Ticker {
  readonly #textOf: () => string;
  readonly #screen = process.stderr.isTTY ? new Screen(process.stderr) : undefined;
  readonly #timer: NodeJS.Timeout;
  #hasChanged = false;

  constructor(textOf: () => string) {
    this.#textOf = textOf;
    this.#timer = setInterval(() => this.#show(), this.#screen === undefined ? PLAIN : REDRAW);
  }

  /** There is something new. */
  touch(): void {
    this.#hasChanged = true;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#screen?.draw([]);
  }

  #show(): void {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    if (this.#screen === undefined) process.stderr.write(`${this.#textOf()}\n`);
    else this.#screen.draw([this.#textOf()]);
  }
}
