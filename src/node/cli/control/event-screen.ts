/** Events on their way to a screen, which nobody can read as fast as they happen. */

/** They are written together, so often: milliseconds. */
const PERIOD = 50;
/** So many are written each time; more would only be seen flying past. */
const MOST = 100;

export class EventScreen<E> {
  readonly #format: (event: E) => string;
  readonly #write: (text: string) => void;
  #events: E[] = [];
  #numLeftOut = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(format: (event: E) => string, write: (text: string) => void) {
    this.#format = format;
    this.#write = write;
  }

  /** Shows an event soon, unless a hundred newer ones come before. */
  show(event: E): void {
    this.#events.push(event);
    if (this.#events.length > 2 * MOST) this.#leaveOut();
    this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }

  /** Shows at once what is left to show. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leaveOut();
    const lines = this.#events.map(this.#format);
    if (this.#numLeftOut > 0) lines.unshift(`(${this.#numLeftOut} events not shown)`);
    this.#events = [];
    this.#numLeftOut = 0;
    if (lines.length > 0) this.#write(`${lines.join('\n')}\n`);
  }

  #leaveOut(): void {
    this.#numLeftOut += Math.max(0, this.#events.length - MOST);
    this.#events = this.#events.slice(-MOST);
  }
}
