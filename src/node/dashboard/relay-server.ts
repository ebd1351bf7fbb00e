/** A dashboard for pools in another process: relays the page's requests to the control server there. */

import type { WebSocket } from 'ws';
import type { Logger } from '../../index.ts';
import { Budget } from '../control/budget.ts';
import type { Target } from '../control/client/target.ts';
import { limitsOf } from '../control/limits.ts';
import { isToken } from '../control/token.ts';
import type { PageAddress } from './dashboard-server.ts';
import { newToken, type PageServerOptions } from './options.ts';
import { linkOf, PageServer, SOCKET_PATH } from './page-server.ts';
import { Relay } from './relay.ts';
import { WebSocketStream } from './web-socket-stream.ts';

/** Options of a {@link RelayServer}. */
export interface RelayServerOptions extends PageServerOptions {
  readonly target: Target;
  /** The access token of the control server. Default: none. */
  readonly targetToken?: string | undefined;
  /** Refuse commands that change a pool, even if the control server allows them. Default: false. */
  readonly readOnly?: boolean;
  readonly logger?: Logger;
}

export class RelayServer {
  readonly #token = newToken();
  readonly #relays = new Set<Relay>();
  readonly #page: PageServer;

  constructor(options: RelayServerOptions) {
    const { target, targetToken, readOnly = false, logger = console } = options;
    const limits = limitsOf();
    const isAuthorized = (given: string | undefined) => isToken(this.#token, given);
    const connected = (socket: WebSocket): void => {
      const stream = new WebSocketStream(socket);
      const relay = new Relay(stream, { target, targetToken, readOnly, limits, isAuthorized });
      this.#relays.add(relay);
      stream.once('close', () => this.#relays.delete(relay));
    };
    this.#page = new PageServer('dashboard', {
      ...options,
      logger,
      handshakeTimeout: limits.handshakeTimeout,
      maxMessage: limits.maxLineLength,
      maxConnections: limits.maxConnections,
      received: new Budget(limits.maxTotalReceived),
      sockets: new Map([[SOCKET_PATH, { connected }]]),
    });
  }

  /** Starts listening. */
  async listen(): Promise<PageAddress> {
    const { base, host, port } = await this.#page.listen();
    return { url: linkOf(base, this.#token), host, port };
  }

  async close(): Promise<void> {
    const closed = this.#page.close();
    for (const relay of this.#relays) relay.close();
    await closed;
  }
}
