/** Sends messages of running calls (place, reports, logs) in batches every few milliseconds. */

// Imported, since tests may replace the global timers.
import { clearTimeout, setTimeout } from 'node:timers';
import type { Json } from '../../index.ts';
import { inspected } from '../../node/inspected.ts';
import { survivesJson } from '../../remote/travel.ts';
import type { Message } from '../wire.ts';

/** Milliseconds between batches: the place of a call that ends sooner is sent with its result. */
const PERIOD = 5;
/** The maximum length of a message, in characters of JSON. */
const LONGEST = 65_536;
/** The number of characters sent of a longer message. */
const SHOWN = 1000;
/** Characters per entry of the stream, so that nothing else waits for long. */
const ENTRY = 262_144;
/** Characters of logs per period, since Redis keeps them in memory for a while. */
const MOST_LOGGED = 16_777_216;

export class Outbox {
  readonly #send: (messages: string) => Promise<unknown>;
  readonly #placed = new Set<string>();
  /** Serialized immediately, since the value may change afterwards. */
  readonly #progress = new Map<string, string>();
  #logs: (readonly [job: string, message: string])[] = [];
  /** The number of characters in the logs. */
  #logged = 0;
  /** The number of dropped logs of each call. */
  readonly #dropped = new Map<string, number>();
  readonly #by: string;
  #timer: NodeJS.Timeout | undefined = undefined;

  /**
   * @param send must not reject.
   */
  constructor(by: string, send: (messages: string) => Promise<unknown>) {
    this.#by = by;
    this.#send = send;
  }

  placed(job: string): void {
    this.#placed.add(job);
    this.#schedule();
  }

  /** Sends only the last report of a call per period. @param progress plain JSON. */
  report(job: string, progress: Json): void {
    const message: Message = [job, 'report', progress];
    this.#progress.set(
      job,
      textOf(message, (notice) => [job, 'report', notice]),
    );
    this.#schedule();
  }

  log(job: string, data: readonly unknown[]): void {
    this.#schedule();
    if (this.#logged >= MOST_LOGGED) {
      this.#dropped.set(job, (this.#dropped.get(job) ?? 0) + 1);
      return;
    }
    const message: Message = [job, 'log', data.map(loggable)];
    const text = textOf(message, (notice) => [job, 'log', [notice]]);
    this.#logged += text.length;
    this.#logs.push([job, text]);
  }

  /** A call has ended: its messages are sent before its result. */
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
    for (const [job, count] of this.#dropped) messages.push(noticeOf(job, count));
    this.#placed.clear();
    this.#progress.clear();
    this.#logs = [];
    this.#logged = 0;
    this.#dropped.clear();
    for (const entry of entriesOf(messages)) void this.#send(`[${entry.join(',')}]`);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }
}

/** Splits messages into entries of the stream. */
function* entriesOf(messages: readonly string[]): Generator<string[]> {
  let entry: string[] = [];
  let size = 0;
  for (const message of messages) {
    if (size > 0 && size + message.length > ENTRY) {
      yield entry;
      entry = [];
      size = 0;
    }
    entry.push(message);
    size += message.length;
  }
  if (size > 0) yield entry;
}

function noticeOf(job: string, count: number): string {
  const notice = `${count} more were logged at once than are sent`;
  return JSON.stringify([job, 'log', [notice]] satisfies Message);
}

/**
 * Values that JSON preserves stay as they are; others become text as `console` prints it, errors with their stacks.
 */
function loggable(value: unknown): unknown {
  return survivesJson(value) ? value : inspected(value);
}

/** A message as JSON; one that is too long is replaced by its notice. */
function textOf(message: Message, short: (notice: string) => Message): string {
  const text = JSON.stringify(message);
  if (text.length <= LONGEST) return text;
  const notice = `${JSON.stringify(message[2]).slice(0, SHOWN)}… (${text.length} characters of JSON)`;
  return JSON.stringify(short(notice));
}
