/// <reference lib="esnext.disposable" preserve="true" />

/** What both servers have in common: everything but where they listen. */

import type { ListenOptions, Server, Socket } from 'node:net';
import type { BasePool, Logger } from '../../index.ts';
import type { OptionTable } from '../../kit/option-bag.ts';
import { PRINTED } from '../../kit/printed.ts';
import { type AcceptanceOptions, acceptance } from './acceptance.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { keepHistories } from './history-keeper.ts';
import { closeWhenTakenOver } from './stepping-down.ts';

/** Options of every control server. */
export interface ControlServerOptions extends AcceptanceOptions {
  /** Further pools, for `use NAME`. Default: none. */
  readonly pools?: readonly BasePool[];
  /** Gets the errors of the server itself. Default: `console`. */
  readonly logger?: Logger;
}

/** Those of every server. */
export const SERVER_OPTIONS: OptionTable<ControlServerOptions> = {
  token: ['password', 'secret', 'auth'],
  functions: ['commands', 'tasks'],
  importFrom: ['modules', 'folders', 'paths'],
  readOnly: [],
  pools: ['pool'],
  limits: ['limit'],
  logger: ['log', 'console'],
};

/** How many connections above the limit get the reason of the refusal; more are just dropped. */
const REFUSED_POLITELY = 64;

/** A server through which pools are seen and changed from outside. */
export abstract class ControlServer<Address> implements AsyncDisposable {
  protected readonly options: ControlServerOptions;
  readonly #connections = new Set<Connection>();
  /** All there are, those included that have yet to agree on TLS. */
  readonly #sockets = new Set<Socket>();
  readonly #connectionOptions: ConnectionOptions;
  readonly #pools: readonly BasePool[];
  readonly #logger: Logger;
  #server: Server | undefined = undefined;
  #closed: Promise<void> | undefined = undefined;
  #stopKeeping = (): void => {};

  /** @internal */
  protected constructor(pool: BasePool, options: ControlServerOptions) {
    const { pools = [], logger = console } = options;
    // A copy: what was checked is what is used.
    this.options = { ...options };
    this.#logger = logger;
    this.#pools = [...new Set([pool, ...pools])];
    this.#connectionOptions = acceptance(this.#pools, options);
  }

  toString(): string {
    const pools = this.#pools.map(String).join(', ');
    return `control server of ${pools}, ${this.numConnections} connected`;
  }

  [PRINTED](): string {
    return this.toString();
  }

  /** Not what it was made with: a token may be among that. */
  toJSON(): { readonly pools: readonly string[]; readonly numConnections: number } {
    return { pools: this.#pools.map(({ name }) => name), numConnections: this.numConnections };
  }

  /** How many clients are connected. */
  get numConnections(): number {
    return this.#connections.size;
  }

  /**
   * Starts to listen.
   *
   * @returns where.
   * @throws TypeError if it was called before.
   */
  async listen(): Promise<Address> {
    if (this.#server !== undefined || this.#closed !== undefined) {
      throw new TypeError('expected a server that has not listened before');
    }
    const server = this.create((socket) => this.#accept(socket));
    this.#server = server;
    server.maxConnections = this.#connectionOptions.limits.maxConnections + REFUSED_POLITELY;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    try {
      const address = await this.start(server);
      const [pool] = this.#pools;
      const stopKeeping = keepHistories(this.#pools, this.#logger);
      const stay = closeWhenTakenOver(pool, () => this.#stepDown(), this.#logger);
      this.#stopKeeping = () => {
        stopKeeping();
        stay();
      };
      return address;
    } catch (error) {
      this.#server = undefined;
      throw error;
    } finally {
      server.on('error', (error) => this.#logger.error('the control server failed', error));
    }
  }

  /** Ends every session and stops listening. A second call gets the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Makes the server that accepts connections. @internal */
  protected abstract create(accept: (socket: Socket) => void): Server;

  /** Starts it. @internal */
  protected abstract start(server: Server): Promise<Address>;

  /** Removes what it leaves behind. @internal */
  protected async stopped(): Promise<void> {}

  /** Has it listen; as many may knock at once as there may be connections. @internal */
  protected bind(server: Server, address: ListenOptions): Promise<void> {
    const { maxConnections: backlog } = this.#connectionOptions.limits;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...address, backlog }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    const { maxConnections } = this.#connectionOptions.limits;
    if (this.#connections.size >= maxConnections || this.#closed !== undefined) {
      socket.on('error', () => {});
      socket.end(`expected at most ${maxConnections} connections, got one more\n`);
      socket.destroySoon();
      return;
    }
    const connection = new Connection(socket, this.#connectionOptions);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }

  async #stepDown(): Promise<void> {
    for (const connection of this.#connections) connection.drop();
    await this.close();
  }

  async #close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#stopKeeping();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.stopped();
  }
}
