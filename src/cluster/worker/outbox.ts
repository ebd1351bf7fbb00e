/** Sends what running calls say: where they run, how far they are, what they log. Together, every few ms. */

import type { Message } from '../wire.ts';

/** Milliseconds: a call that is over sooner says where it ran with its result. */
const PERIOD = 5;
/** The longest message, in characters of JSON. */
const LONGEST = 65_536;

export class Outbox {
  readonly #send: (messages: string) => Promise<unknown>;
  readonly #placed = new Set<string>();
  readonly #progress = new Map<string, unknown>();
  #logs: (readonly [job: string, data: readonly unknown[]])[] = [];
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

  /** Only the last of what a call reports within a period is sent. */
  report(job: string, progress: unknown): void {
    this.#progress.set(job, progress);
    this.#schedule();
  }

  log(job: string, data: readonly unknown[]): void {
    this.#logs.push([job, data]);
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
    const messages: Message[] = [];
    for (const job of this.#placed) messages.push([job, 'placed', this.#by]);
    for (const [job, progress] of this.#progress) messages.push([job, 'report', progress]);
    for (const [job, data] of this.#logs) messages.push([job, 'log', data]);
    this.#placed.clear();
    this.#progress.clear();
    this.#logs = [];
    if (messages.length > 0) void this.#send(JSON.stringify(messages.map(shortened)));
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }
}

function shortened(message: Message): Message {
  const [job, what, content] = message;
  const text = what === 'placed' ? '' : JSON.stringify(content);
  if (text === undefined || text.length <= LONGEST) return message;
  const notice = `${text.slice(0, 1000)}… (${text.length} characters of JSON)`;
  return what === 'log' ? [job, 'log', [notice]] : [job, 'report', notice];
}
