/** Sends what running calls say: where they run, how far they are, what they log. Together, every few ms. */

import type { Json } from '../../index.ts';
import { inspected } from '../../node/inspected.ts';
import { survivesJson } from '../../remote/travel.ts';
import type { Message } from '../wire.ts';

/** Milliseconds: a call that is over sooner says where it ran with its result. */
const PERIOD = 5;
/** The longest message, in characters of JSON. */
const LONGEST = 65_536;
/** How much of a longer one is sent. */
const SHOWN = 1000;

export class Outbox {
  readonly #send: (messages: string) => Promise<unknown>;
  readonly #placed = new Set<string>();
  /** What was said is made JSON at once: it may change afterwards. */
  readonly #progress = new Map<string, string>();
  #logs: (readonly [job: string, message: string])[] = [];
  readonly #by: string;
  #timer: NodeJS.Timeout | undefined = undefined;

  /** @param send does not reject. */
  constructor(by: string, send: (messages: string) => Promise<unknown>) {
    this.#by = by;
    this.#send = send;
  }

  placed(job: string): void {
    this.#placed.add(job);
    this.#schedule();
  }

  /** Only the last of what a call reports within a period is sent. @param progress plain JSON. */
  report(job: string, progress: Json): void {
    const message: Message = [job, 'report', progress];
    this.#progress.set(
      job,
      textOf(message, (notice) => [job, 'report', notice]),
    );
    this.#schedule();
  }

  log(job: string, data: readonly unknown[]): void {
    const message: Message = [job, 'log', data.map(loggable)];
    this.#logs.push([job, textOf(message, (notice) => [job, 'log', [notice]])]);
    this.#schedule();
  }

  /** A call is over: what it has said goes first. */
  over(job: string): void {
    this.#placed.delete(job);
    if (this.#progress.has(job) || this.#logs.some(([each]) => each === job)) this.flush();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const messages: string[] = [];
    for (const job of this.#placed) {
      messages.push(JSON.stringify([job, 'placed', this.#by] satisfies Message));
    }
    messages.push(...this.#progress.values());
    for (const [, message] of this.#logs) messages.push(message);
    this.#placed.clear();
    this.#progress.clear();
    this.#logs = [];
    if (messages.length > 0) void this.#send(`[${messages.join(',')}]`);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }
}

/** What JSON leaves as it is, and else a text, as `console` prints it: errors with their stacks. */
function loggable(value: unknown): unknown {
  return survivesJson(value) ? value : inspected(value);
}

/** A message as JSON, or the notice in place of one that is too long. */
function textOf(message: Message, short: (notice: string) => Message): string {
  const text = JSON.stringify(message);
  if (text.length <= LONGEST) return text;
  const notice = `${JSON.stringify(message[2]).slice(0, SHOWN)}… (${text.length} characters of JSON)`;
  return JSON.stringify(short(notice));
}
