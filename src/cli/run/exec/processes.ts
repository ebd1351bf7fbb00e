/** The processes of commands: no more run at once than the system has room for. */

import { stat } from 'node:fs';
import { promisify } from 'node:util';
import { abortable } from '../../../kit/abortable.ts';
import { Line } from '../../../kit/linked-list.ts';
import { delay } from '../timers.ts';
import { NotBegun } from '../work/work.ts';
import type { ProcessGroup } from './process-group.ts';
import { Shortage } from './start-process.ts';
import { type SystemLimit, systemLimit } from './system-limits.ts';

/** How often to try whether there is room for one more again, in milliseconds. */
const PROBE = 500;
/** How long to try where there is no room for a single process, in milliseconds. */
const PATIENCE = 15_000;
/** How many are started before the event loop has a turn, for signals and for what commands print. */
const STARTS_PER_TURN = 16;

export class Processes {
  /** Why fewer run at once than were wanted; undefined as long as none had to wait. */
  shortage: string | undefined = undefined;
  readonly #warn: (message: string) => void;
  readonly #groups = new Set<ProcessGroup>();
  /** Those that wait for room; called with whether they may start. */
  readonly #waiting = new Line<(mayStart: boolean) => void>();
  readonly #wanted: number;
  /** Looked up when a second one is to run: many runs have but one command, which then begins sooner. */
  #system: { readonly limit: SystemLimit | undefined } | undefined = undefined;
  #limit = Number.POSITIVE_INFINITY;
  #threads: Promise<unknown> | undefined = undefined;
  #hasStarted = false;
  /** How many run, or are being started. */
  #count = 0;
  #startsLeft = STARTS_PER_TURN;
  #nextTurn: NodeJS.Immediate | undefined = undefined;
  #shrinking: NodeJS.Immediate | undefined = undefined;
  #probe: NodeJS.Timeout | undefined = undefined;
  /** Since when not a single one could be started. */
  #shortSince: number | undefined = undefined;

  /**
   * @param wanted how many are to run at once.
   * @param warn called once, when fewer do.
   */
  constructor(wanted: number, warn: (message: string) => void) {
    this.#wanted = wanted;
    this.#warn = warn;
  }

  /**
   * Starts a process as soon as there is room for it, and uses it. Its room is free again when `use`
   * has settled.
   *
   * @throws NotBegun if it is dropped while it waits, the signal's reason if that is aborted while it
   *   waits, and what `start` and `use` throw.
   */
  async run<P extends { readonly group: ProcessGroup }, R>(
    start: () => Promise<P>,
    signal: AbortSignal,
    use: (process: P) => Promise<R>,
  ): Promise<R> {
    for (;;) {
      await this.#room(signal);
      try {
        const process = await this.#started(start);
        if (process !== undefined) return await this.#using(process, use);
      } finally {
        this.#count--;
        this.#admit();
      }
      // There is none whose end would make room.
      if (this.#groups.size === 0) await delay(PROBE);
    }
  }

  /** Passes a signal of the terminal on to all that do not get it by themselves. */
  pass(signal: NodeJS.Signals): void {
    for (const group of this.#groups) group.pass(signal);
  }

  /** Rejects those that wait for room. Returns how many there were. */
  dropWaiting(): number {
    const { length } = this.#waiting;
    for (let first = this.#waiting.shift(); first !== undefined; first = this.#waiting.shift()) {
      first.value(false);
    }
    return length;
  }

  /** Undefined if there is no room for it, and it is worth trying again. */
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

  /** Each one that could not be started lowers the limit, to the number of those that could. */
  #shrink({ shortage, code }: Shortage): void {
    this.#limit = Math.max(1, this.#count - 1);
    this.#shrinking ??= setImmediate(() => {
      this.#shrinking = undefined;
      // Those that run are to have room for what they start.
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

  /** Resolves when one more may be started, which counts from then on. */
  async #room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#count > 0) this.#lookUpLimit();
    // First come, first served.
    if (this.#mayStart && this.#waiting.length === 0) {
      this.#take();
      return;
    }
    this.#noteShortage();
    const mayStart = await abortable<boolean>(signal, (resolve) => {
      const place = this.#waiting.push(resolve);
      return () => this.#waiting.remove(place);
    });
    if (!mayStart) throw new NotBegun();
  }

  /** Node makes its threads when it needs them first, and aborts if there can be no more. */
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

  /** Lets as many start as there is room for. */
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
    this.#nextTurn ??= setImmediate(() => {
      this.#nextTurn = undefined;
      this.#startsLeft = STARTS_PER_TURN;
      this.#admit();
    });
  }

  /** Some wait: if that is not for the next turn, there are too few of something. */
  #noteShortage(): void {
    if (this.#count < this.#limit) return;
    if (this.#limit === this.#most) this.#warnOfLimit();
    else this.#probe ??= this.#probeLater();
  }

  #warnOfLimit(): void {
    if (this.#system?.limit === undefined) return;
    const { reason, commands } = this.#system.limit;
    this.#warnOnce(`${reason} are enough for ${counted(commands)} at once, so no more run`);
  }

  #warnOnce(message: string): void {
    if (this.shortage === undefined) this.#warn(message);
    this.shortage = message;
  }

  /** What was missing may be there again, since others use the system too. */
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
