import type { TaskPool } from 'xstate-taskpool';

const REDRAW_MS = 100;
const LINE_MS = 1000;
const ERASE_LINE = '\r\x1b[K';
const ERASE_NEXT = '\x1b[B\x1b[K';
/** A terminal that got narrower a moment ago cuts the line off, and does not begin another one. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

/**
 * Shows how far the work is: on a terminal one line that is redrawn ten times a second, elsewhere
 * a plain line every second. All it knows comes from the pool: its counts, sampled when a line is
 * drawn, and the events that add up to the rest.
 */
export class Progress {
  /** Files and folders that could not be read. */
  failed = 0;
  /** Links and special files that were left out. */
  skipped = 0;

  readonly #pool: TaskPool;
  readonly #quiet: boolean;
  readonly #live: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #total: number | undefined = undefined;
  /** How long the line is that is drawn now. */
  #drawn = 0;
  #bytes = 0;
  #mostRunning = 0;

  constructor(pool: TaskPool, { quiet }: { readonly quiet: boolean }) {
    this.#pool = pool;
    this.#quiet = quiet;
    this.#live = process.stdout.isTTY && !quiet;
    process.stdout.on('error', () => {}); // nobody reads on: the list is still worth writing

    pool.on('task.started', () => {
      this.#mostRunning = Math.max(this.#mostRunning, pool.numRunning);
    });
    pool.on('task.progressed', ({ progress }) => {
      this.#bytes += Number(progress);
    });
    pool.on('pool.resized', ({ poolSize }) => this.say(`pool size ${poolSize}`));

    const show = this.#live ? this.#draw : () => this.say(this.#figures());
    this.#timer = setInterval(show, this.#live ? REDRAW_MS : LINE_MS);
    if (this.#live) process.stdout.on('resize', this.#draw);
  }

  /** How many files there are: from now on it shows how much of them is done, in percent. */
  expect(total: number): void {
    this.#total = total;
  }

  /** Prints a line that stays, unless the user wants none. */
  say(line: string): void {
    if (this.#quiet) return;
    this.#erase();
    process.stdout.write(`${line}\n`);
  }

  /** Counts a file or folder that could not be read, and says why. */
  fail(path: Buffer, error: unknown): void {
    this.failed += 1;
    this.#erase();
    const why = error instanceof Error ? error.message.split(', ')[0] : error; // before the path
    process.stderr.write(`digest: ${printable(`${path}: ${why}`)}\n`);
  }

  /** Counts a link or special file that was left out. */
  skip(): void {
    this.skipped += 1;
  }

  /** Shows no more; what was drawn last makes room for what is said next. */
  stop(): void {
    clearInterval(this.#timer);
    process.stdout.off('resize', this.#draw);
    this.#erase();
  }

  /** All there is to say at the end. */
  get summary(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return [
      `${this.#pool.totals.fulfilled} done, at most ${this.#mostRunning} at a time`,
      `${size(this.#bytes)} in ${seconds.toFixed(1)} s, ${size(this.#bytes / seconds)}/s`,
      `${this.failed} failed, ${this.skipped} links and special files left out`,
    ].join('; ');
  }

  #figures(): string {
    const { totals, numRunning, numQueued, poolSize } = this.#pool;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return [
      ...this.#percentage(),
      `${totals.fulfilled} done`,
      `${numRunning} running`,
      `${numQueued} queued`,
      size(this.#bytes),
      `${size(this.#bytes / seconds)}/s`,
      `pool size ${poolSize}`,
      `${this.failed} failed`,
    ].join(', ');
  }

  #percentage(): string[] {
    if (this.#total === undefined) return [];
    const { fulfilled, rejected } = this.#pool.totals;
    return [`${Math.floor((100 * (fulfilled + rejected)) / Math.max(1, this.#total))} %`];
  }

  readonly #draw = (): void => {
    this.#erase();
    const line = this.#figures().slice(0, columns() - 1);
    // The cursor waits at its beginning: there it stays when the terminal gets narrower and breaks
    // the line into several.
    process.stdout.write(`${NO_WRAP}${line}\r${WRAP}`);
    this.#drawn = line.length;
  };

  /** Erases what was drawn, however many lines it takes by now. */
  #erase(): void {
    if (this.#drawn === 0) return;
    const more = Math.ceil(this.#drawn / columns()) - 1;
    process.stdout.write(ERASE_LINE + (more > 0 ? `\x1b7${ERASE_NEXT.repeat(more)}\x1b8` : ''));
    this.#drawn = 0;
  }
}

function columns(): number {
  return process.stdout.columns || 80;
}

/** Text that does nothing to a terminal, whatever the names of files hold. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e3).toFixed(1)} kB`;
}
