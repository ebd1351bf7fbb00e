/** Connects the page to its server, or to the page that opened it. */

import { type ReadonlySignal, signal } from '@preact/signals';
import type { Batch } from './messages.ts';

export type LinkStatus = 'connecting' | 'connected' | 'lost' | 'refused';

export interface Link {
  readonly status: ReadonlySignal<LinkStatus>;
  /** Sends an event to an actor of a program that accepts events. */
  send(program: number, sessionId: string, event: object): void;
}

/** Callbacks of a link: the number of the first missing message, and the handler for batches. */
export interface LinkEvents {
  next(): number;
  received(batch: Batch): void;
}

export interface ServerAddress {
  /** `ws://127.0.0.1:8080` */
  readonly origin: string;
  readonly token: string | undefined;
}

/** The close code by which the server refuses a token. */
const WRONG_TOKEN = 4401;
const PAUSES = [250, 500, 1000, 2000, 3000];

/** The connection to the server, which is restored automatically. */
export class ServerLink implements Link {
  readonly status = signal<LinkStatus>('connecting');
  readonly #address: ServerAddress;
  readonly #events: LinkEvents;
  #socket: WebSocket | undefined = undefined;
  #numFailures = 0;

  constructor(address: ServerAddress, events: LinkEvents) {
    this.#address = address;
    this.#events = events;
    this.#connect();
  }

  send(program: number, sessionId: string, event: object): void {
    this.#socket?.send(JSON.stringify({ send: { program, sessionId, event } }));
  }

  #connect(): void {
    const { origin, token } = this.#address;
    const socket = new WebSocket(`${origin}/page`);
    socket.onopen = () => {
      this.#socket = socket;
      socket.send(JSON.stringify({ token, next: this.#events.next() }));
    };
    socket.onmessage = ({ data }) => {
      this.#numFailures = 0;
      this.status.value = 'connected';
      this.#events.received(JSON.parse(String(data)) as Batch);
    };
    socket.onclose = ({ code }) => {
      this.#socket = undefined;
      if (code === WRONG_TOKEN) {
        this.status.value = 'refused';
        return;
      }
      this.status.value = 'lost';
      const pause = PAUSES[Math.min(this.#numFailures++, PAUSES.length - 1)];
      setTimeout(() => this.#connect(), pause);
    };
  }
}
