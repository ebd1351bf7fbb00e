/** A page that is connected: it gets messages as fast as it takes them, and is never buffered for. */

import type { WebSocket } from 'ws';
import type { Backlog } from './backlog.ts';

const MAX_CHARACTERS = 1_000_000;

export class Viewer {
  readonly #socket: WebSocket;
  readonly #backlog: Backlog;
  #next: number;
  #needsBases: boolean;
  #isSending = false;

  /** @param next the number of the message that the page has not got yet. */
  constructor(socket: WebSocket, backlog: Backlog, next: number) {
    this.#socket = socket;
    this.#backlog = backlog;
    this.#needsBases = next === 0;
    this.#next = Math.min(next, backlog.next);
  }

  /** Says that it is let in, and begins with what it has missed. */
  start(): void {
    this.#send([]);
  }

  /** There may be more. */
  flush(): void {
    if (this.#isSending || this.#socket.readyState !== this.#socket.OPEN) return;
    const { first } = this.#backlog;
    if (this.#next < first) this.#needsBases = true;
    const entries = this.#backlog.from(this.#next, MAX_CHARACTERS);
    if (entries.length > 0) this.#send(entries.map(({ text }) => text));
    this.#next = Math.max(this.#next, first) + entries.length;
  }

  #send(entries: readonly string[]): void {
    const bases = this.#needsBases ? this.#backlog.bases().map(({ text }) => text) : [];
    this.#needsBases = false;
    const { first } = this.#backlog;
    const text = `{"first":${first},"bases":[${bases.join()}],"entries":[${entries.join()}]}`;
    this.#isSending = true;
    this.#socket.send(text, () => {
      this.#isSending = false;
      this.flush();
    });
  }
}
