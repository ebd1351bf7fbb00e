/// <reference lib="esnext.disposable" preserve="true" />

/** The dashboard: a page, and a WebSocket over which it speaks as a client of the control server. */

import type { WebSocket } from 'ws';
import type { BasePool, Logger } from '../../index.ts';
import { addDashboard } from '../../inspect/dashboards.ts';
import { PRINTED } from '../../kit/printed.ts';
import { metrics } from '../../statistics/metrics.ts';
import { acceptance } from '../control/acceptance.ts';
import { Connection, type ConnectionOptions } from '../control/connection.ts';
import { keepHistories } from '../control/history-keeper.ts';
import { closeWhenTakenOver } from '../control/stepping-down.ts';
import { isToken } from '../control/token.ts';
import type { Dynamic } from './http.ts';
import {
  checkOptions,
  type DashboardServerOptions,
  newToken,
  poolsOf,
  type Served,
} from './options.ts';
import { linkOf, PageServer, SOCKET_PATH } from './page-server.ts';
import { RecordedPool } from './recorded-pool.ts';
import { WebSocketStream } from './web-socket-stream.ts';

/** Where a page is. */
export interface PageAddress {
  /** The link for people, with the token, which lets people in. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Milliseconds for which events wait to be sent together: too short to be seen, and each message costs as much
 * as dozens of events.
 */
const FRAME = 50;

/** A server of the dashboard, of the loopback interface unless it has TLS. */
export class DashboardServer implements AsyncDisposable {
  readonly #pools: readonly BasePool[];
  readonly #token: string;
  readonly #logger: Logger;
  readonly #connectionOptions: ConnectionOptions;
  readonly #connections = new Set<Connection>();
  readonly #page: PageServer;
  #stopKeeping = (): void => {};
  #closed: Promise<void> | undefined = undefined;

  /**
   * @param served a pool, or several by the names that the page shows.
   * @throws TypeError, RangeError for invalid options.
   */
  constructor(served: Served, options: DashboardServerOptions = {}) {
    checkOptions(options);
    const { pools, names } = poolsOf(served);
    const { token = newToken(), logger = console } = options;
    this.#pools = pools;
    this.#token = token;
    this.#logger = logger;
    // What is over can be looked at only.
    const readOnly = served instanceof RecordedPool || options.readOnly;
    const settings = { ...options, token, ...(readOnly === undefined ? {} : { readOnly }) };
    this.#connectionOptions = { ...acceptance(pools, settings, names), eventDelay: FRAME };
    this.#page = new PageServer('dashboard', {
      ...options,
      logger,
      maxMessage: this.#connectionOptions.limits.maxLineLength,
      maxConnections: this.#connectionOptions.limits.maxConnections,
      dynamic: new Map([['/metrics', this.#metrics()]]),
      sockets: new Map([[SOCKET_PATH, { connected: (socket) => this.#accept(socket) }]]),
    });
  }

  toString(): string {
    return `dashboard of ${this.#pools.map(String).join(', ')}, ${this.numConnections} connected`;
  }

  [PRINTED](): string {
    return this.toString();
  }

  toJSON(): { readonly pools: readonly string[]; readonly numConnections: number } {
    return { pools: this.#pools.map(({ name }) => name), numConnections: this.numConnections };
  }

  /** How many pages are connected, those included that have not shown their token yet. */
  get numConnections(): number {
    return this.#connections.size;
  }

  /**
   * Starts to listen.
   *
   * @returns where, with the link for people.
   * @throws UnsafeAddress for a host that is reached from elsewhere, without `tls`; TypeError if it was
   * called before.
   */
  async listen(): Promise<PageAddress> {
    const { base, host, port } = await this.#page.listen();
    const url = linkOf(base, this.#token);
    const stopKeeping = keepHistories(this.#pools, this.#logger);
    const stay = closeWhenTakenOver(this.#pools[0], () => this.#stepDown(), this.#logger);
    const forget = addDashboard({ url, isOf: (actor, id) => this.#hasPool(actor, id) });
    this.#stopKeeping = () => {
      stopKeeping();
      stay();
      forget();
    };
    return { url, host, port };
  }

  /** Ends every session and stops listening. A second call gets the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether an actor is that of one of the pools. Its id says so first: actors are made on first use. */
  #hasPool(actor: unknown, id: string): boolean {
    return this.#pools.some((pool) => id === `${pool}` && pool.actor === actor);
  }

  /** For Prometheus, which shows the token as it does everywhere. */
  #metrics(): Dynamic {
    return {
      type: 'text/plain; version=0.0.4; charset=utf-8',
      isAuthorized: ({ headers }) => {
        const [, given] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
        return isToken(this.#token, given);
      },
      make: () => metrics(this.#pools),
    };
  }

  #accept(socket: WebSocket): void {
    const stream = new WebSocketStream(socket);
    const connection = new Connection(stream, this.#connectionOptions);
    this.#connections.add(connection);
    stream.once('close', () => this.#connections.delete(connection));
  }

  async #stepDown(): Promise<void> {
    for (const connection of this.#connections) connection.drop();
    await this.close();
  }

  async #close(): Promise<void> {
    this.#stopKeeping();
    const closed = this.#page.close();
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    await closed;
  }
}
