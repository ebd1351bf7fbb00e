/** A WebSocket as a stream of lines, so that a connection treats it like a socket. */

import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Transport } from '../control/connection.ts';

const NEWLINE = Buffer.from('\n');
const NORMAL = 1000;

interface Written {
  readonly chunk: Buffer;
}

/**
 * An incoming message is one line, with or without its newline. An outgoing message holds everything that was written
 * together: one or more lines.
 */
export class WebSocketStream extends Duplex implements Transport {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      if (this.readableEnded || this.destroyed) return;
      this.push(data);
      if (!this.push(NEWLINE)) socket.pause();
    });
    // Errors of the data or the socket; `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => this.destroy());
  }

  destroySoon(): void {
    if (this.destroyed) return;
    if (!this.writableEnded) this.end();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: readonly Written[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.close(NORMAL);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) {
      done();
      return;
    }
    this.#socket.send(bytes, { binary: false }, (error) => done(error ?? null));
  }
}
