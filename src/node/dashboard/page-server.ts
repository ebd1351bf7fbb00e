/** Serves a page over HTTP, and accepts its WebSockets. */

import { lookup } from 'node:dns/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { UnsafeAddress } from '../../control/errors.ts';
import type { Logger } from '../../index.ts';
import { printableName } from '../../printable/text.ts';
import { KEEP_ALIVE } from '../control/limits.ts';
import { isLoopbackAddress } from '../control/loopback.ts';
import { bind, Listening } from '../listening.ts';
import { type Asset, assetsOf } from './assets.ts';
import { answer, type Dynamic, refuse } from './http.ts';
import type { PageServerOptions } from './options.ts';
import { isHostKnown, isLocalOrigin, isSameOrigin } from './origin.ts';
import { type SocketTaker, type WebSocketLimits, WebSockets } from './web-sockets.ts';

/** The address of a server. */
interface Place {
  readonly base: string;
  readonly host: string;
  readonly port: number;
}

/** The further settings of a page server. */
export interface PageServerSettings extends PageServerOptions, WebSocketLimits {
  readonly logger: Logger;
  /** The time for a client to complete the TLS handshake, in milliseconds. */
  readonly handshakeTimeout: number;
  /** Whether pages of this machine may open the page in a window or frame. Default: false. */
  readonly isEmbeddable?: boolean;
  /** Generated responses by path. */
  readonly dynamic?: ReadonlyMap<string, Dynamic>;
  /** The handlers of WebSockets, by path. */
  readonly sockets: ReadonlyMap<string, SocketTaker>;
}

/** The path of the WebSocket for pages of pools. */
export const SOCKET_PATH = '/socket';
const DEFAULT_HOST = '127.0.0.1';
/** Milliseconds to wait for the rest of a request. */
const PATIENCE = 10_000;
const MAX_HEADER_SIZE = 16_384;

export class PageServer {
  readonly #settings: PageServerSettings;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #sockets: ReadonlyMap<string, WebSockets>;
  readonly #known = new Set<string>();
  readonly #listening = new Listening<Place>();
  #server: Server | undefined = undefined;

  constructor(page: 'dashboard' | 'inspector', settings: PageServerSettings) {
    this.#settings = settings;
    this.#assets = assetsOf(page);
    this.#sockets = new Map(
      Array.from(settings.sockets, ([path, taker]) => [path, new WebSockets(taker, settings)]),
    );
  }

  /**
   * @throws UnsafeAddress, TypeError if it was called before, and the errors of listening.
   */
  listen(): Promise<Place> {
    return this.#listening.open(() => this.#listen());
  }

  async #listen(): Promise<Place> {
    const { host = DEFAULT_HOST, port = 0, tls, logger } = this.#settings;
    const { address } = await lookup(host);
    if (tls === undefined && !isLoopbackAddress(address)) {
      throw new UnsafeAddress(`expected a loopback host, or tls, got ${printableName(host)}`);
    }
    const server = this.#create();
    await bind(server, { host: address, port });
    this.#server = server;
    server.on('error', (error) => logger.error('the server of a page failed', error));
    const bound = server.address() as AddressInfo;
    for (const name of [host, address, bound.address]) this.#known.add(name.toLowerCase());
    const shown = host.includes(':') ? `[${host}]` : host;
    const scheme = tls === undefined ? 'http' : 'https';
    return { base: `${scheme}://${shown}:${bound.port}`, host: bound.address, port: bound.port };
  }

  /** Stops listening. WebSockets stay open until their handlers close them. */
  close(): Promise<void> {
    return this.#listening.close(() => this.#close());
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    this.#server?.closeAllConnections();
    await closed;
  }

  #create(): Server {
    const { tls, maxConnections, handshakeTimeout } = this.#settings;
    const limits = {
      headersTimeout: PATIENCE,
      requestTimeout: PATIENCE,
      keepAliveTimeout: PATIENCE / 2,
      connectionsCheckingInterval: PATIENCE / 2,
      maxHeaderSize: MAX_HEADER_SIZE,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE,
    };
    const take = (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request, response);
    };
    const server =
      tls === undefined
        ? createServer(limits, take)
        : createTlsServer({ handshakeTimeout, ...tls, ...limits }, take);
    // Each page uses a few connections for its files besides its WebSocket.
    server.maxConnections = 4 * maxConnections;
    server.on('upgrade', (request, socket, head) => {
      // The socket of an HTTP server is always a network socket.
      this.#upgrade(request, socket as Socket, head);
    });
    server.on('tlsClientError', (_: Error, socket: Duplex) => socket.destroy());
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { dynamic, isEmbeddable = false } = this.#settings;
    try {
      const status = this.#check(request);
      if (status !== undefined) refuse(response, status, WHY[status]);
      else await answer(request, response, { assets: this.#assets, dynamic, isEmbeddable });
    } catch (error) {
      this.#settings.logger.error('a request to the server of a page failed', error);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'something went wrong; the log of the program says what');
    }
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const sockets = this.#sockets.get(request.url ?? '');
    const status = this.#refusalOf(request, sockets);
    if (status !== undefined) {
      // Must be destroyed here: the server does not track it any more, but would wait for it when closing.
      socket.once('finish', () => socket.destroy());
      socket.end(
        `HTTP/1.1 ${status} ${WHY[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    sockets?.open(request, socket, head);
  }

  /** The reason to refuse a WebSocket; undefined if it is accepted. */
  #refusalOf(request: IncomingMessage, sockets: WebSockets | undefined): Refusal | undefined {
    if (sockets === undefined) return 404;
    const { isForLocalPages } = sockets.taker;
    return this.#check(request, isForLocalPages) ?? (sockets.areFull ? 503 : undefined);
  }

  /** The reason to refuse a request; undefined if it is accepted. */
  #check(request: IncomingMessage, isForLocalPages = false): Refusal | undefined {
    if (!isHostKnown(request, this.#known)) return 421;
    if (isForLocalPages && isLocalOrigin(request)) return undefined;
    return isSameOrigin(request, this.#settings.tls !== undefined) ? undefined : 403;
  }
}

type Refusal = keyof typeof WHY;

const WHY = {
  403: 'expected a request of a page of this server',
  404: 'there is nothing here',
  421: 'expected a host that this server is known by',
  503: 'there are as many connections as there may be',
};

/** The link for people: the token is in the fragment, which browsers do not send to servers. */
export function linkOf(base: string, token: string): string {
  return `${base}/#token=${encodeURIComponent(token)}`;
}
