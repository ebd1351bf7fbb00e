/// <reference lib="esnext.disposable" preserve="true" />

/** The base of both control servers: everything except the address. */

import type { ListenOptions, Server, Socket } from 'node:net';
import type { BasePool, Logger } from '../../index.ts';
import { checkArray, checkLogger } from '../../kit/checks.ts';
import type { OptionTable } from '../../kit/option-bag.ts';
import { PRINTED } from '../../kit/printed.ts';
import { bind, Listening } from '../listening.ts';
import { ACCEPTANCE_OPTIONS, type AcceptanceOptions, acceptance } from './acceptance.ts';
import { Connections } from './connections.ts';
import type { ServerLimits } from './limits.ts';

/** Options of every control server. */
export interface ControlServerOptions extends AcceptanceOptions {
  /** Further pools, which clients select with `use NAME`. Default: none. */
  readonly pools?: readonly BasePool[];
  /** Gets the errors of the server itself. Default: `console`. */
  readonly logger?: Logger;
}

/** The options of every server. */
export const SERVER_OPTIONS: OptionTable<ControlServerOptions> = {
  ...ACCEPTANCE_OPTIONS,
  pools: [checkArray, 'pool'],
  logger: [checkLogger, 'log', 'console'],
};

/** How many excess connections get an error with the reason; further ones are closed without. */
const REFUSED_POLITELY = 64;

/** A server that lets clients watch and control pools. */
export abstract class ControlServer<Address> implements AsyncDisposable {
  protected readonly options: ControlServerOptions;
  readonly #connections: Connections;
  /** All sockets, including those in the TLS handshake. */
  readonly #sockets = new Set<Socket>();
  readonly #limits: Required<ServerLimits>;
  readonly #logger: Logger;
  readonly #listening = new Listening<Address>();
  #server: Server | undefined = undefined;

  /** @internal */
  protected constructor(pool: BasePool, options: ControlServerOptions) {
    if (new.target === ControlServer) {
      throw new TypeError(
        'expected new TCPControlServer(…) or new UnixControlServer(…), got new ControlServer(…)',
      );
    }
    const { pools = [], logger = console } = options;
    // A copy, so that the checked options are the used ones.
    this.options = { ...options };
    this.#logger = logger;
    const all = [...new Set([pool, ...pools])];
    const accepted = acceptance(all, options);
    this.#limits = accepted.limits;
    this.#connections = new Connections(all, accepted, logger);
  }

  toString(): string {
    return `control server of ${this.#connections}`;
  }

  [PRINTED](): string {
    return this.toString();
  }

  /** The names of its pools, and the number of connected clients. */
  toJSON(): { readonly pools: readonly string[]; readonly numConnections: number } {
    return this.#connections.toJSON();
  }

  /** The number of connected clients. */
  get numConnections(): number {
    return this.#connections.size;
  }

  /**
   * Starts listening.
   *
   * @returns the address.
   * @throws TypeError if it was called before, and the errors of listening.
   */
  listen(): Promise<Address> {
    return this.#listening.open(() => this.#listen());
  }

  async #listen(): Promise<Address> {
    const server = this.create((socket) => this.#accept(socket));
    server.maxConnections = this.#limits.maxConnections + REFUSED_POLITELY;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    try {
      const address = await this.start(server);
      this.#server = server;
      this.#connections.watchPools(() => this.close());
      return address;
    } catch (error) {
      if (server.listening) server.close();
      throw error;
    } finally {
      server.on('error', (error) => this.#logger.error('the control server failed', error));
    }
  }

  /** Ends every session and stops listening. Further calls return the same promise. */
  close(): Promise<void> {
    return this.#listening.close(() => this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Creates the server that accepts connections. @internal */
  protected abstract create(accept: (socket: Socket) => void): Server;

  /** Starts the server. @internal */
  protected abstract start(server: Server): Promise<Address>;

  /** Cleans up after the server has stopped. @internal */
  protected async stopped(): Promise<void> {}

  /** Starts listening, with a backlog of as many connections as are allowed. @internal */
  protected bind(server: Server, address: ListenOptions): Promise<void> {
    return bind(server, { ...address, backlog: this.#limits.maxConnections });
  }

  #accept(socket: Socket): void {
    const { maxConnections } = this.#limits;
    if (this.#connections.size >= maxConnections || this.#listening.isClosed) {
      socket.on('error', () => {});
      socket.end(`expected at most ${maxConnections} connections, got one more\n`);
      socket.destroySoon();
      return;
    }
    this.#connections.add(socket);
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    await this.#connections.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.stopped();
  }
}
