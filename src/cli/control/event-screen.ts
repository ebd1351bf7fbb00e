/** Batches events for the terminal and drops the excess, since they happen faster than anybody can read. */

/** The interval between two writes, in milliseconds. */
const PERIOD = 50;
/** The maximum number of lines per write; more would only flash past. */
const MOST = 100;

export class EventScreen {
  readonly #write: (text: string) => void;
  /** Lines instead of events, since an event may be of any size. */
  #lines: string[] = [];
  #numLeftOut = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Queues the line of an event; it is dropped if a hundred newer ones come before the next write. */
  show(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * MOST) this.#leaveOut();
    this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }

  /** Writes the queued lines immediately. */
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
