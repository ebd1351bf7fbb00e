/** Opens WebSockets: so many at once, and so much of messages that have not ended. */

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Budget } from '../control/budget.ts';

export interface WebSocketLimits {
  /** How many there may be at once. */
  readonly maxConnections: number;
  /** How long a message may be, in bytes. */
  readonly maxMessage: number;
  /** What all of them have received of messages that have not ended. */
  readonly received: Budget;
}

/** Takes the WebSockets of a path. */
export interface SocketTaker {
  /** Whether pages of other servers on this machine may open one, too. Default: false. */
  readonly isForLocalPages?: boolean;
  /** How long a message may be, in bytes, if not as long as those of other paths. */
  readonly maxMessage?: number;
  connected(socket: WebSocket): void;
}

/** Those of one path. */
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

  /** A message is held until all of it is there, and may be sent by someone who is not known yet. */
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
