/** A status line on stderr: redrawn in place on a terminal, otherwise printed at most once a second. */

import { Screen } from '../run/progress/screen.ts';

/** Milliseconds between two updates: on a terminal, and elsewhere. */
const REDRAW = 100;
const PLAIN = 1000;

export class Ticker<S> {
  readonly #textOf: (state: S) => string;
  readonly #screen = process.stderr.isTTY ? new Screen(process.stderr) : undefined;
  readonly #timer: NodeJS.Timeout;
  /** The state that has not been shown yet. */
  #changed: { readonly state: S } | undefined = undefined;

  constructor(textOf: (state: S) => string) {
    this.#textOf = textOf;
    this.#timer = setInterval(() => this.#show(), this.#screen === undefined ? PLAIN : REDRAW);
  }

  /** Sets the new state, to be shown at the next update. */
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
