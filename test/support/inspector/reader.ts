/** A client that replaces the page of an inspector: receives what the page receives, and folds it in the same way. */

import { WebSocket } from 'ws';
import { History } from '../../../src/page/inspector/data/history.ts';
import type { Batch, News } from '../../../src/page/inspector/data/messages.ts';

export class Reader {
  readonly history = new History();
  readonly news: News[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #failure: unknown = undefined;

  /** @param link the printed link, with the token. */
  constructor(link: string) {
    const { host, hash } = new URL(link);
    const token = decodeURIComponent(hash.replace('#token=', ''));
    this.#socket = new WebSocket(`ws://${host}/page`, { maxPayload: 0 });
    this.#socket.on('open', () => this.#socket.send(JSON.stringify({ token, next: 0 })));
    this.#socket.on('error', () => {});
    this.#socket.on('message', (data) => {
      try {
        this.#take(JSON.parse(String(data)) as Batch);
      } catch (error) {
        this.#failure = error;
      }
      for (const look of this.#waiting) look();
    });
  }

  /** Resolves once a condition holds for what was received; rejects with the errors of folding it. */
  until(holds: (reader: this) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#failure !== undefined) reject(this.#failure);
        else if (holds(this)) resolve();
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #take(batch: Batch): void {
    this.history.add(batch);
    if (batch.news !== undefined) this.news.push(batch.news);
  }

  send(program: number, sessionId: string, event: unknown): void {
    this.#socket.send(JSON.stringify({ send: { program, sessionId, event } }));
  }

  close(): void {
    this.#socket.terminate();
  }
}
