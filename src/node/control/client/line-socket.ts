/** Reads and writes lines on a socket. */

import type { Socket } from 'node:net';
import { LimitExceeded } from '../../../control/errors.ts';

/** The maximum length of lines in characters: of the first, the greeting, and of later ones. */
const MAX_FIRST_LENGTH = 1_048_576;
const MAX_LENGTH = 67_108_864;

export class LineSocket {
  /** The first line. Rejects if the socket is closed before. */
  readonly first: Promise<string>;
  /** Resolves when the socket is closed, with the error that caused it, if any. */
  readonly ended: Promise<Error | undefined>;
  readonly #socket: Socket;
  #take: ((line: string) => void) | undefined;
  /** Lines received before there is a handler. */
  #early: string[] = [];
  /** The text after the last newline. */
  #rest = '';
  #maxLength = MAX_FIRST_LENGTH;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => {
      let reason: Error | undefined;
      socket.on('error', (error) => {
        reason = error;
      });
      socket.once('close', () => resolve(reason));
    });
    this.first = new Promise((resolve, reject) => {
      this.#take = (line) => {
        this.#take = undefined;
        resolve(line);
      };
      void this.ended.then((error) => reject(error ?? new Error('the other side closed it')));
    });
    socket.setEncoding('utf8').on('data', (piece: string) => {
      this.#cut(piece);
      if (this.#rest.length > this.#maxLength) this.#giveUp();
    });
  }

  /** Calls back for each line after the first. */
  take(onLine: (line: string) => void): void {
    this.#maxLength = MAX_LENGTH;
    this.#take = onLine;
    for (const line of this.#early.splice(0)) onLine(line);
  }

  send(message: object): void {
    this.sendLine(JSON.stringify(message));
  }

  sendLine(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  destroy(reason?: Error): void {
    this.#socket.destroy(reason);
  }

  /** Closes the socket when a line exceeds the maximum length. */
  #giveUp(): void {
    this.#rest = '';
    const message = `expected a line of at most ${this.#maxLength} characters, got a longer one`;
    this.#socket.destroy(new LimitExceeded(message));
  }

  /** Splits text at newlines only. */
  #cut(piece: string): void {
    let from = 0;
    // Only the new piece is searched, so that a long line in many pieces takes linear time.
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      const line = this.#rest + piece.slice(from, end);
      this.#rest = '';
      from = end + 1;
      if (this.#take === undefined) this.#early.push(line);
      else this.#take(line);
    }
    this.#rest += piece.slice(from);
  }
}
