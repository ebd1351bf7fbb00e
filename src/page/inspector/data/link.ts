/** The connection to the server, which comes back by itself. */

import { signal } from '@preact/signals';
import type { Batch } from './messages.ts';

export interface LinkOptions {
  /** `ws://127.0.0.1:8080` */
  readonly origin: string;
  readonly token: string | undefined;
}

/** The code with which the server refuses a token. */
const WRONG_TOKEN = 4401;
const PAUSES = [250, 500, 1000, 2000, 3000];

export class Link {
  readonly status = signal<'connecting' | 'connected' | 'lost' | 'refused'>('connecting');
  readonly #options: LinkOptions;
  readonly #next: () => number;
  readonly #onBatch: (batch: Batch) => void;
  #numFailures = 0;

  /** @param next the number of the message that has not been received yet. */
  constructor(options: LinkOptions, next: () => number, onBatch: (batch: Batch) => void) {
    this.#options = options;
    this.#next = next;
    this.#onBatch = onBatch;
    this.#connect();
  }

  #connect(): void {
    const { origin, token } = this.#options;
    const socket = new WebSocket(`${origin}/page`);
    socket.onopen = () => socket.send(JSON.stringify({ token, next: this.#next() }));
    socket.onmessage = ({ data }) => {
      this.#numFailures = 0;
      this.status.value = 'connected';
      this.#onBatch(JSON.parse(String(data)) as Batch);
    };
    socket.onclose = ({ code }) => {
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
