/** Accepts WebSockets, with limits on their number and on the size of unfinished messages. */

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Budget } from '../control/budget.ts';

export interface WebSocketLimits {
  /** The maximum number of WebSockets. */
  readonly maxConnections: number;
  /** The maximum length of a message, in bytes. */
  readonly maxMessage: number;
  /** The budget for unfinished messages of all WebSockets. */
  readonly received: Budget;
}

/** Handles the WebSockets of a path. */
export interface SocketTaker {
  /** Whether pages of other servers on this machine may open one. Default: false. */
  readonly isForLocalPages?: boolean;
  /** The maximum length of a message on this path, in bytes. Default: that of the server. */
  readonly maxMessage?: number;
  connected(socket: WebSocket): void;
}

/** The WebSockets of one path. */
export class WebSockets {
  readonly taker: SocketTaker;
  readonly #limits: WebSocketLimits;
  readonly #server: WebSocketServer;
  #numOpen = 0;

  constructor(taker: SocketTaker, limits: WebSocketLimits) {
    this.taker = taker;
    this.#limits = limits;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: taker.maxMessage ?? limits.maxMessage,
      perMessageDeflate: false,
      clientTracking: false,
    });
  }

  get areFull(): boolean {
    return this.#numOpen >= this.#limits.maxConnections;
  }

  open(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#numOpen++;
      webSocket.once('close', () => this.#numOpen--);
      this.#count(socket, webSocket);
      this.taker.connected(webSocket);
    });
  }

  /** Counts the bytes of unfinished messages, which are buffered and may come from an unauthenticated client. */
  #count(socket: Socket, webSocket: WebSocket): void {
    const { received } = this.#limits;
    const share = received.open(() => webSocket.terminate());
    let complete = socket.bytesRead;
    const count = () => share.set(socket.bytesRead - complete);
    socket.on('data', count);
    webSocket.on('message', () => {
      complete = socket.bytesRead;
      count();
    });
    webSocket.once('close', () => {
      socket.off('data', count);
      received.close(share);
    });
  }
}
