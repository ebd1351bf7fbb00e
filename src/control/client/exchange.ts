/** Requests and their answers over a connection, in the JSON protocol: any number at once. */

import type { PoolEvent } from '../../index.ts';
import type { ConnectionLost } from './errors.ts';
import { type Answer, readMessage } from './protocol.ts';

/** What is asked: a command line, or a command with arguments by name. */
export type Asked =
  | { readonly line: string }
  | { readonly command: string; readonly args: Readonly<Record<string, unknown>> };

/** @param size how long the event was as JSON, in characters. */
export type OnEvent = (event: PoolEvent, size: number) => void;

/** A request under way. */
export interface Request {
  /**
   * The answer, be it yes or no.
   *
   * @throws ConnectionLost
   */
  readonly answer: Promise<Answer>;
  /** Gives it up. It is still answered. */
  abort(): void;
}

/** Takes requests. */
export interface Requests {
  /** Whether the connection is being closed on this side. */
  readonly isClosing: boolean;
  /** Asks for something. Events that come ahead of the answer go to `onEvent`. */
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

  /** @param send takes a line without its newline. */
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
   * Takes a line of the server.
   *
   * @throws Error if it is not of the form that the protocol has for it.
   */
  receive(line: string): void {
    const message = readMessage(line);
    const pending = message?.id === undefined ? undefined : this.#pending.get(message.id);
    // What belongs to no request has no one to go to: the answer to an `abort`, for instance.
    if (message?.id === undefined || pending === undefined) return;
    if ('event' in message) {
      pending.onEvent?.(message.event, line.length);
      return;
    }
    this.#pending.delete(message.id);
    pending.resolve(message);
  }

  /** The connection is over: what is pending rejects, and so does what is asked from now on. */
  lose(loss: ConnectionLost): void {
    this.#loss = loss;
    for (const { reject } of this.#pending.values()) reject(loss);
    this.#pending.clear();
  }
}
