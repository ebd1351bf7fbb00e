/** A connected page: gets messages as fast as it reads, without buffering for it. */

import type { WebSocket } from 'ws';
import type { Backlog } from './backlog.ts';
import type { ProgramFacts } from './program.ts';

const MAX_CHARACTERS = 1_000_000;

/** An event that could not be sent to an actor. */
interface Refusal {
  readonly program: number;
  readonly sessionId: string;
  readonly why: string;
}

/** The maximum number of pending refusals. */
const MAX_REFUSALS = 10;

export class Viewer {
  readonly #socket: WebSocket;
  readonly #backlog: Backlog;
  #next: number;
  #needsBases: boolean;
  #isSending = false;
  /** Programs that the page does not know yet. */
  #programs: readonly ProgramFacts[] | undefined = undefined;
  #refusals: Refusal[] = [];

  /**
   * @param next the number of the next message for the page.
   */
  constructor(socket: WebSocket, backlog: Backlog, next: number) {
    this.#socket = socket;
    this.#backlog = backlog;
    this.#needsBases = next === 0;
    this.#next = Math.min(next, backlog.next);
  }

  tellPrograms(programs: readonly ProgramFacts[]): void {
    this.#programs = programs;
    this.flush();
  }

  refuse(refusal: Refusal): void {
    if (this.#refusals.length < MAX_REFUSALS) this.#refusals.push(refusal);
    this.flush();
  }

  /** Confirms the token, and starts sending missed messages. */
  start(): void {
    this.#send([]);
  }

  /** Called when there may be more to send. */
  flush(): void {
    if (this.#isSending || this.#socket.readyState !== this.#socket.OPEN) return;
    const { first } = this.#backlog;
    if (this.#next < first) this.#needsBases = true;
    const entries = this.#backlog.from(this.#next, MAX_CHARACTERS);
    const hasNews = this.#programs !== undefined || this.#refusals.length > 0;
    if (entries.length > 0 || hasNews) this.#send(entries.map(({ text }) => text));
    this.#next = Math.max(this.#next, first) + entries.length;
  }

  #send(entries: readonly string[]): void {
    const bases = this.#needsBases ? this.#backlog.bases().map(({ text }) => text) : [];
    this.#needsBases = false;
    const { first } = this.#backlog;
    const news = JSON.stringify({ programs: this.#programs, refusals: this.#refusals });
    this.#programs = undefined;
    this.#refusals = [];
    const text = `{"first":${first},"bases":[${bases.join()}],"entries":[${entries.join()}],"news":${news}}`;
    this.#isSending = true;
    this.#socket.send(text, () => {
      this.#isSending = false;
      this.flush();
    });
  }
}
