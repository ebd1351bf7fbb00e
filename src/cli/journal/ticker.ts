/** A line on stderr that follows what changes: drawn in place on a terminal, else one a second. */

import { Screen } from '../run/progress/screen.ts';

/** Milliseconds between two drawings, and between two lines where nothing can be drawn. */
const REDRAW = 100;
const PLAIN = 1000;

export class Ticker<S> {
  readonly #textOf: (state: S) => string;
  readonly #screen = process.stderr.isTTY ? new Screen(process.stderr) : undefined;
  readonly #timer: NodeJS.Timeout;
  /** What is not shown yet. */
  #changed: { readonly state: S } | undefined = undefined;

  constructor(textOf: (state: S) => string) {
    this.#textOf = textOf;
    this.#timer = setInterval(() => this.#show(), this.#screen === undefined ? PLAIN : REDRAW);
  }

  /** There is something new. */
  touch(state: S): void {
    this.#changed = { state };
  }

  end(): void {
    clearInterval(this.#timer);
    this.#screen?.draw([]);
  }

  #show(): void {
    if (this.#changed === undefined) return;
    const text = this.#textOf(this.#changed.state);
    this.#changed = undefined;
    if (this.#screen === undefined) process.stderr.write(`${text}\n`);
    else this.#screen.draw([text]);
  }
}
