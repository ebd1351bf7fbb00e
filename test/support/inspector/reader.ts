/** A client in the place of the page of an inspector: what the page is sent, as it folds it. */

import { WebSocket } from 'ws';
import { History } from '../../../src/page/inspector/data/history.ts';
import type { Batch, News } from '../../../src/page/inspector/data/messages.ts';

export class Reader {
  readonly history = new History();
  readonly news: News[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  /** @param link as people get it, with the token. */
  constructor(link: string) {
    const { host, hash } = new URL(link);
    const token = decodeURIComponent(hash.replace('#token=', ''));
    this.#socket = new WebSocket(`ws://${host}/page`, { maxPayload: 0 });
    this.#socket.on('open', () => this.#socket.send(JSON.stringify({ token, next: 0 })));
    this.#socket.on('error', () => {});
    this.#socket.on('message', (data) => {
      const batch = JSON.parse(String(data)) as Batch;
      this.history.add(batch);
      if (batch.news !== undefined) this.news.push(batch.news);
      for (const look of this.#waiting) look();
    });
  }

  /** Resolves once something holds of what was received. */
  until(holds: (reader: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  send(program: number, sessionId: string, event: unknown): void {
    this.#socket.send(JSON.stringify({ send: { program, sessionId, event } }));
  }

  close(): void {
    this.#socket.terminate();
  }
}
