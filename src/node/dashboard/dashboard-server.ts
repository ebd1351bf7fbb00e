/// <reference lib="esnext.disposable" preserve="true" />

/** The dashboard server: a page, and a WebSocket over which the page is a control client. */

import type { BasePool } from '../../index.ts';
import { addDashboard } from '../../inspect/dashboards.ts';
import { PRINTED } from '../../kit/printed.ts';
import { metricsByName } from '../../statistics/metrics.ts';
import { acceptance } from '../control/acceptance.ts';
import { Connections } from '../control/connections.ts';
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

/** The address of a page. */
export interface PageAddress {
  /** The link for people; it contains the token. */
  readonly url: string;
  /** The IP address on which the server listens. */
  readonly host: string;
  /** The port on which the server listens. */
  readonly port: number;
}

/**
 * Milliseconds for which events wait to be sent together: too short to notice, and each message costs as much as
 * dozens of events.
 */
const FRAME = 100;

/** A server of the dashboard; limited to the loopback interface unless it has TLS. */
export class DashboardServer implements AsyncDisposable {
  readonly #token: string;
  readonly #connections: Connections;
  readonly #page: PageServer;
  #forget = (): void => {};
  #closed: Promise<void> | undefined = undefined;

  /**
   * @param served a pool, or several by the names shown on the page.
   * @throws TypeError, RangeError for invalid options.
   */
  constructor(served: Served, options: DashboardServerOptions = {}) {
    checkOptions(options);
    const { pools, names } = poolsOf(served);
    const { token = newToken(), logger = console } = options;
    this.#token = token;
    // A recorded pool cannot be changed.
    const readOnly = served instanceof RecordedPool || options.readOnly;
    const settings = { ...options, token, ...(readOnly === undefined ? {} : { readOnly }) };
    const accepted = { ...acceptance(pools, settings, names), eventDelay: FRAME };
    this.#connections = new Connections(pools, accepted, logger);
    this.#page = new PageServer('dashboard', {
      ...options,
      logger,
      handshakeTimeout: accepted.limits.handshakeTimeout,
      maxMessage: accepted.limits.maxLineLength,
      maxConnections: accepted.limits.maxConnections,
      received: accepted.received,
      dynamic: new Map([['/metrics', metricsPage(token, pools, names)]]),
      sockets: new Map([
        [
          SOCKET_PATH,
          { connected: (socket) => this.#connections.add(new WebSocketStream(socket)) },
        ],
      ]),
    });
  }

  toString(): string {
    return `dashboard of ${this.#connections}`;
  }

  [PRINTED](): string {
    return this.toString();
  }

  /** The names of its pools, and the number of connected pages. */
  toJSON(): { readonly pools: readonly string[]; readonly numConnections: number } {
    return this.#connections.toJSON();
  }

  /** The number of connected pages, including those that have not sent their token yet. */
  get numConnections(): number {
    return this.#connections.size;
  }

  /**
   * Starts listening.
   *
   * @returns the address, with the link for people.
   * @throws UnsafeAddress for a host other than loopback without `tls`; TypeError if it was called before; the
   *   errors of listening.
   */
  async listen(): Promise<PageAddress> {
    const { base, host, port } = await this.#page.listen();
    const url = linkOf(base, this.#token);
    // Closed meanwhile: there would be nobody to clean up.
    if (this.#closed !== undefined) return { url, host, port };
    this.#connections.watchPools(() => this.close());
    this.#forget = addDashboard({ url, isOf: (actor, id) => this.#hasPool(actor, id) });
    return { url, host, port };
  }

  /** Ends every session and stops listening. Further calls return the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Whether an actor belongs to one of the pools. The id is compared first, since actors are created on first use.
   */
  #hasPool(actor: unknown, id: string): boolean {
    return this.#connections.pools.some((pool) => id === `${pool}` && pool.actor === actor);
  }

  async #close(): Promise<void> {
    this.#forget();
    const closed = this.#page.close();
    await this.#connections.close();
    await closed;
  }
}

/** For Prometheus, which sends the token as a bearer token. The label of a pool is the name under which it is served. */
function metricsPage(
  token: string,
  pools: readonly BasePool[],
  names?: ReadonlyMap<BasePool, string>,
): Dynamic {
  const named = new Map(pools.map((pool) => [names?.get(pool) ?? pool.name, pool]));
  return {
    type: 'text/plain; version=0.0.4; charset=utf-8',
    isAuthorized: ({ headers }) => {
      const [, given] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
      return isToken(token, given);
    },
    make: () => metricsByName(named),
  };
}
