/** Matches requests and answers on a connection, in the JSON protocol; any number may be pending. */

import type { PoolEvent } from '../../index.ts';
import type { ConnectionLost } from './errors.ts';
import { type Answer, readMessage } from './protocol.ts';

/** A request: a command line, or a command with arguments by name. */
export type Asked =
  | { readonly line: string }
  | { readonly command: string; readonly args: Readonly<Record<string, unknown>> };

/**
 * @param size the length of the event as JSON, in characters.
 */
export type OnEvent = (event: PoolEvent, size: number) => void;

/** A pending request. */
export interface Request {
  /**
   * The answer, which may be an error.
   *
   * @throws ConnectionLost
   */
  readonly answer: Promise<Answer>;
  /** Aborts the request. It is still answered. */
  abort(): void;
}

/** Sends requests. */
export interface Requests {
  /** Whether the connection is being closed on this side. */
  readonly isClosing: boolean;
  /** Sends a request. Events that precede the answer go to `onEvent`. */
  request(asked: Asked, onEvent?: OnEvent): Request;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: ConnectionLost) => void;
  readonly onEvent: OnEvent | undefined;
}

export class Exchange implements Requests {
  isClosing = false;
  readonly #send: (line: string) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #loss: ConnectionLost | undefined;

  /**
   * @param send sends a line, given without its newline.
   */
  constructor(send: (line: string) => void) {
    this.#send = send;
  }

  request(asked: Asked, onEvent?: OnEvent): Request {
    const id = this.#nextId++;
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.#loss !== undefined) {
        reject(this.#loss);
        return;
      }
      this.#pending.set(id, { resolve, reject, onEvent });
      this.#send(JSON.stringify({ id, ...asked }));
    });
    const abort = () => {
      if (this.#pending.has(id)) this.#send(JSON.stringify({ abort: id }));
    };
    return { answer, abort };
  }

  /**
   * Handles a line of the server.
   *
   * @throws Error if it violates the protocol.
   */
  receive(line: string): void {
    const message = readMessage(line);
    const pending = message?.id === undefined ? undefined : this.#pending.get(message.id);
    // Ignored if there is no such request: the answer to an `abort`, for instance.
    if (message?.id === undefined || pending === undefined) return;
    if ('event' in message) {
      pending.onEvent?.(message.event, line.length);
      return;
    }
    this.#pending.delete(message.id);
    pending.resolve(message);
  }

  /** Rejects pending requests and all later ones after the connection has ended. */
  lose(loss: ConnectionLost): void {
    this.#loss = loss;
    for (const { reject } of this.#pending.values()) reject(loss);
    this.#pending.clear();
  }
}
