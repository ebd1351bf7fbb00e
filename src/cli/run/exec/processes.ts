/** Limits the number of concurrent processes to what the system has room for. */

import { stat } from 'node:fs';
import { promisify } from 'node:util';
import { abortable } from '../../../kit/abortable.ts';
import { Line } from '../../../kit/linked-list.ts';
import { delay } from '../timers.ts';
import { NotBegun } from '../work/work.ts';
import type { ProcessGroup } from './process-group.ts';
import { Shortage } from './start-process.ts';
import { type SystemLimit, systemLimit } from './system-limits.ts';

/** Milliseconds between attempts to raise the limit again. */
const PROBE = 500;
/** Milliseconds after which to give up if not a single process can be started. */
const PATIENCE = 15_000;
/** Processes started per turn of the event loop, so that signals and output are handled in between. */
const STARTS_PER_TURN = 16;

/** An attempt that may be aborted while it is queued; its signal is read only then, since creating it takes time. */
interface Abortable {
  readonly signal: AbortSignal;
  throwIfAborted(): void;
}

export class Processes {
  /** Why fewer processes than wanted run concurrently; undefined until one had to wait. */
  shortage: string | undefined = undefined;
  readonly #warn: (message: string) => void;
  readonly #groups = new Set<ProcessGroup>();
  /** Queued starts; each is called with whether it may start. */
  readonly #waiting = new Line<(mayStart: boolean) => void>();
  readonly #wanted: number;
  /** Looked up before the second process starts: many runs have one command only, which then starts sooner. */
  #system: { readonly limit: SystemLimit | undefined } | undefined = undefined;
  #limit = Number.POSITIVE_INFINITY;
  #threads: Promise<unknown> | undefined = undefined;
  #hasStarted = false;
  /** The number of running or starting processes. */
  #count = 0;
  #startsLeft = STARTS_PER_TURN;
  #shrinking: NodeJS.Immediate | undefined = undefined;
  #probe: NodeJS.Timeout | undefined = undefined;
  /** Since when not a single process could be started, in milliseconds of `performance.now()`. */
  #shortSince: number | undefined = undefined;

  /**
   * @param wanted the number of processes wanted concurrently.
   * @param warn called once, when fewer run.
   */
  constructor(wanted: number, warn: (message: string) => void) {
    this.#wanted = wanted;
    this.#warn = warn;
  }

  /**
   * Starts a process as soon as there is room and passes it to `use`. Its room is released when `use` settles.
   *
   * @throws NotBegun if it is dropped while queued, the abort reason if it is aborted while queued, and the
   *   errors of `start` and `use`.
   */
  async run<P extends { readonly group: ProcessGroup }, R>(
    start: () => Promise<P>,
    attempt: Abortable,
    use: (process: P) => Promise<R>,
  ): Promise<R> {
    for (;;) {
      await this.#room(attempt);
      try {
        const process = await this.#started(start);
        if (process !== undefined) return await this.#using(process, use);
      } finally {
        this.#count--;
        this.#admit();
      }
      // No process is running whose end would make room.
      if (this.#groups.size === 0) await delay(PROBE);
    }
  }

  /** Forwards a signal of the terminal to all processes that do not receive it themselves. */
  pass(signal: NodeJS.Signals): void {
    for (const group of this.#groups) group.pass(signal);
  }

  /** Rejects all queued starts. Returns their number. */
  dropWaiting(): number {
    const { length } = this.#waiting;
    for (let first = this.#waiting.shift(); first !== undefined; first = this.#waiting.shift()) {
      first.value(false);
    }
    return length;
  }

  /** Returns undefined if there is no room at the moment, so that the caller tries again. */
  async #started<P>(start: () => Promise<P>): Promise<P | undefined> {
    if (this.#hasStarted) await this.#threadsMade();
    this.#hasStarted = true;
    try {
      const process = await start();
      this.#shortSince = undefined;
      return process;
    } catch (error) {
      if (!(error instanceof Shortage)) throw error;
      const now = performance.now();
      this.#shortSince = this.#groups.size > 0 ? undefined : (this.#shortSince ?? now);
      if (now - (this.#shortSince ?? now) > PATIENCE) throw error;
      this.#shrink(error);
      return undefined;
    }
  }

  /** Each failed start lowers the limit to the number of processes that run. */
  #shrink({ shortage, code }: Shortage): void {
    this.#limit = Math.max(1, this.#count - 1);
    this.#shrinking ??= setImmediate(() => {
      this.#shrinking = undefined;
      // Leaves room for the processes that the running commands start.
      if (code === 'EAGAIN') this.#limit = Math.ceil(this.#limit / 2);
      this.#warnOnce(`${shortage}, so no more than ${counted(this.#limit)} run at once`);
    });
  }

  async #using<P extends { readonly group: ProcessGroup }, R>(
    process: P,
    use: (process: P) => Promise<R>,
  ): Promise<R> {
    this.#groups.add(process.group);
    try {
      return await use(process);
    } finally {
      this.#groups.delete(process.group);
    }
  }

  /** Resolves when one more process may start, which counts from then on. */
  async #room(attempt: Abortable): Promise<void> {
    attempt.throwIfAborted();
    if (this.#count > 0) this.#lookUpLimit();
    // First in, first out.
    if (this.#mayStart && this.#waiting.length === 0) {
      this.#take();
      return;
    }
    this.#noteShortage();
    const mayStart = await abortable<boolean>(attempt.signal, (resolve) => {
      const place = this.#waiting.push(resolve);
      return () => this.#waiting.remove(place);
    });
    if (!mayStart) throw new NotBegun();
  }

  /** Node creates its thread pool on first use, and aborts if that fails. */
  #threadsMade(): Promise<unknown> {
    this.#threads ??= promisify(stat)('.');
    return this.#threads;
  }

  #lookUpLimit(): void {
    if (this.#system !== undefined) return;
    this.#system = { limit: systemLimit(this.#wanted, this.#count) };
    this.#limit = Math.min(this.#limit, this.#most);
  }

  get #most(): number {
    return this.#system?.limit?.commands ?? Number.POSITIVE_INFINITY;
  }

  /** Starts as many queued processes as there is room for. */
  #admit(): void {
    while (this.#mayStart) {
      const first = this.#waiting.shift();
      if (first === undefined) return;
      this.#take();
      first.value(true);
    }
    if (this.#waiting.length > 0) this.#noteShortage();
  }

  get #mayStart(): boolean {
    return this.#count < this.#limit && this.#startsLeft > 0;
  }

  #take(): void {
    this.#count++;
    this.#startsLeft--;
    if (this.#startsLeft > 0) return;
    setImmediate(() => {
      this.#startsLeft = STARTS_PER_TURN;
      this.#admit();
    });
  }

  /** Reacts to queued starts: unless they just wait for the next turn, a resource is short. */
  #noteShortage(): void {
    if (this.#count < this.#limit) return;
    if (this.#limit === this.#most) this.#warnOfLimit();
    else this.#probe ??= this.#probeLater();
  }

  #warnOfLimit(): void {
    if (this.#system?.limit === undefined) return;
    const { reason, commands } = this.#system.limit;
    const enough = commands === 1 ? '1 command at the most' : `${commands} commands at once`;
    this.#warnOnce(`${reason} are enough for ${enough}, so no more run`);
  }

  #warnOnce(message: string): void {
    if (this.shortage === undefined) this.#warn(message);
    this.shortage = message;
  }

  /** Raises the limit later, since other programs may have released the resource. */
  #probeLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#limit = Math.min(this.#limit + 1, this.#most);
      this.#admit();
      const isShort = this.#waiting.length > 0 && this.#limit < this.#most;
      this.#probe = isShort ? this.#probeLater() : undefined;
    }, PROBE);
  }
}

function counted(commands: number): string {
  return commands === 1 ? '1 command' : `${commands} commands`;
}
