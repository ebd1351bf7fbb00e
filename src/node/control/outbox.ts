/** The unsent output of a client: answers are sent immediately, events in batches, within the limits. */

import type { Writable } from 'node:stream';
// Imported, since tests may replace the global timers.
import { setImmediate, setTimeout } from 'node:timers';
import type { SessionOutput } from '../../control/sessions/session.ts';
import type { Budget, Share } from './budget.ts';

/** Events from this length on are sent on their own, with their bytes shared by all watchers. */
const LARGE_EVENT = 4096;
/** The maximum number of characters of events per write, since longer strings cost more per character. */
const EVENTS_AT_ONCE = 65_536;

/** Limits of unsent output, in bytes. */
export interface OutboxLimits {
  /** For this client. */
  readonly maxBuffered: number;
  /** For all clients of the server. */
  readonly buffered: Budget;
  /**
   * Milliseconds for which events wait to be sent together: pages do not repaint more often, and each write costs as
   * much as several events. Default: until the next turn of the event loop.
   */
  readonly eventDelay?: number | undefined;
}

export class Outbox implements SessionOutput {
  readonly #socket: Writable;
  readonly #limits: OutboxLimits;
  readonly #share: Share;
  /** Events to be sent together, and their length. */
  #events: string[] = [];
  #length = 0;
  /** The promise that pending calls of {@link drained} share. */
  #drained: Promise<void> | undefined;
  /** Functions that add further events. */
  #pulls = new Set<() => void>();
  #isDue = false;

  constructor(socket: Writable, limits: OutboxLimits) {
    this.#socket = socket;
    this.#limits = limits;
    this.#share = limits.buffered.open(() => socket.destroy());
    socket.once('close', () => {
      this.#events = [];
      limits.buffered.close(this.#share);
    });
  }

  answer(text: string): void {
    this.flush();
    this.#write(Buffer.from(text));
  }

  event(text: string): void {
    this.splitEvent('', text);
  }

  splitEvent(start: string, rest: string): void {
    if (this.#socket.destroyed) return;
    if (rest.length >= LARGE_EVENT) this.#sendNow(start, rest);
    else this.#collect(start === '' ? rest : start + rest);
    if (this.#length + this.#socket.writableLength > this.#limits.maxBuffered) {
      this.#socket.destroy();
    }
  }

  soon(pull: () => void): void {
    if (this.#socket.destroyed) return;
    this.#pulls.add(pull);
    this.#flushSoon();
  }

  /** Sends the collected events, and those that can be pulled now. */
  flush(): void {
    if (this.#pulls.size > 0) {
      const pulls = this.#pulls;
      this.#pulls = new Set();
      for (const pull of pulls) pull();
    }
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    this.#length = 0;
    this.#write(collected.of(events));
  }

  room(): Promise<void> | undefined {
    if (this.#socket.destroyed || !this.#socket.writableNeedDrain) return undefined;
    return this.drained();
  }

  /** Resolves when there is room again, or the socket is closed. All callers share two listeners. */
  async drained(): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#drained ??= new Promise((resolve) => {
      const done = () => {
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        this.#drained = undefined;
        resolve();
      };
      this.#socket.on('drain', done);
      this.#socket.on('close', done);
    });
    await this.#drained;
  }

  #collect(text: string): void {
    if (this.#events.length === 0) this.#flushSoon();
    this.#events.push(text);
    this.#length += text.length;
    if (this.#length >= EVENTS_AT_ONCE) this.flush();
  }

  #flushSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const { eventDelay } = this.#limits;
    if (eventDelay === undefined) setImmediate(this.#flushDue);
    else setTimeout(this.#flushDue, eventDelay);
  }

  readonly #flushDue = (): void => {
    this.#isDue = false;
    this.flush();
  };

  #sendNow(start: string, rest: string): void {
    this.flush();
    this.#socket.cork();
    if (start !== '') this.#write(Buffer.from(start));
    this.#write(large.of([rest]));
    this.#socket.uncork();
  }

  #write(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes, this.#account);
    this.#account();
    // Twice the limit, since the longest allowed answer may be added to that many events.
    if (this.#socket.writableLength > 2 * this.#limits.maxBuffered) this.#socket.destroy();
  }

  readonly #account = (): void => {
    this.#share.set(this.#socket.writableLength);
  };
}

/** Caches encoded bytes, since all watchers get the same texts one after the other. */
class SharedBytes {
  #texts: readonly string[] = [];
  #bytes: Uint8Array = new Uint8Array();

  of(texts: readonly string[]): Uint8Array {
    const { length } = texts;
    if (length !== this.#texts.length || !texts.every((text, at) => text === this.#texts[at])) {
      this.#texts = texts;
      this.#bytes = Buffer.from(length === 1 ? (texts[0] as string) : texts.join(''));
    }
    return this.#bytes;
  }
}

// Two caches, since a watcher sends its collected events before each large one.
const collected = new SharedBytes();
const large = new SharedBytes();
