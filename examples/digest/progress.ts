import type { TaskPool } from 'xstate-taskpool';

const REDRAW_MS = 100;
const LINE_MS = 1000;
const ERASE_LINE = '\r\x1b[K';
const ERASE_NEXT = '\x1b[B\x1b[K';
/** Cuts the line off, instead of wrapping it, in a terminal that has just become narrower. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

/**
 * Shows the progress: on a terminal as one line that is redrawn ten times per second, otherwise as one line per
 * second. Everything it shows comes from the counts and events of the pool.
 */
export class Progress {
  /** Files and folders that could not be read. */
  failed = 0;
  /** Links and special files, which are left out. */
  skipped = 0;

  readonly #pool: TaskPool;
  readonly #quiet: boolean;
  readonly #live: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #total: number | undefined = undefined;
  /** The length of the line on the screen. */
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

  /** Sets the number of files, so that the progress is shown in percent. */
  expect(total: number): void {
    this.#total = total;
  }

  /** Prints a line that stays, unless `--quiet` is given. */
  say(line: string): void {
    if (this.#quiet) return;
    this.#erase();
    process.stdout.write(`${line}\n`);
  }

  /** Counts a file or folder that could not be read, and prints the reason. */
  fail(path: Buffer, error: unknown): void {
    this.failed += 1;
    this.#erase();
    const why = error instanceof Error ? error.message.split(', ')[0] : error; // before the path
    process.stderr.write(`digest: ${printable(`${path}: ${why}`)}\n`);
  }

  /** Counts a link or special file. */
  skip(): void {
    this.skipped += 1;
  }

  /** Stops, and removes the line from the screen. */
  stop(): void {
    clearInterval(this.#timer);
    process.stdout.off('resize', this.#draw);
    this.#erase();
  }

  /** The summary for the end. */
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
    // The cursor stays at the beginning of the line, also when the terminal becomes narrower and wraps the line.
    process.stdout.write(`${NO_WRAP}${line}\r${WRAP}`);
    this.#drawn = line.length;
  };

  /** Erases the line, however many rows it takes now. */
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

/** Replaces control characters, which file names may contain. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e3).toFixed(1)} kB`;
}
