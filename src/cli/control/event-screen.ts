/** Events on their way to a screen, which no one can read as fast as they happen. */

/** They are written together, so often: milliseconds. */
const PERIOD = 50;
/** How many are written each time; more would only be seen flying past. */
const MOST = 100;

export class EventScreen {
  readonly #write: (text: string) => void;
  /** A line each: the events themselves may be of any size. */
  #lines: string[] = [];
  #numLeftOut = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Shows the line of an event soon, unless a hundred newer ones come before. */
  show(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * MOST) this.#leaveOut();
    this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }

  /** Shows at once what is left to show. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leaveOut();
    const lines = this.#lines;
    if (this.#numLeftOut > 0) lines.unshift(`(${this.#numLeftOut} events not shown)`);
    this.#lines = [];
    this.#numLeftOut = 0;
    if (lines.length > 0) this.#write(`${lines.join('\n')}\n`);
  }

  #leaveOut(): void {
    this.#numLeftOut += Math.max(0, this.#lines.length - MOST);
    this.#lines = this.#lines.slice(-MOST);
  }
}
