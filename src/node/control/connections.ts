/** The connections of a server. */

import type { BasePool, Logger } from '../../index.ts';
import { Connection, type ConnectionOptions, type Transport } from './connection.ts';
import { keepHistories } from './history-keeper.ts';
import { closeWhenTakenOver } from './stepping-down.ts';

export class Connections {
  readonly pools: readonly BasePool[];
  readonly #options: ConnectionOptions;
  readonly #logger: Logger;
  readonly #open = new Set<Connection>();
  #stopWatching = (): void => {};

  constructor(pools: readonly BasePool[], options: ConnectionOptions, logger: Logger) {
    this.pools = pools;
    this.#options = options;
    this.#logger = logger;
  }

  get size(): number {
    return this.#open.size;
  }

  /** For messages: `TaskPool-a, TaskPool-b, 2 connected`. */
  toString(): string {
    return `${this.pools.map(String).join(', ')}, ${this.size} connected`;
  }

  /** Without the options of the server, which may contain a token. */
  toJSON(): { readonly pools: readonly string[]; readonly numConnections: number } {
    return { pools: this.pools.map(({ name }) => name), numConnections: this.size };
  }

  /**
   * Captures states for the histories of the pools, and closes the server when another process takes over the first
   * pool: all connections are dropped, so that clients connect to that process.
   *
   * @param close closes the server.
   */
  watchPools(close: () => Promise<void>): void {
    const stepDown = (): Promise<void> => {
      for (const connection of this.#open) connection.drop();
      return close();
    };
    const stopKeeping = keepHistories(this.pools, this.#logger);
    const stay = closeWhenTakenOver(this.pools[0], stepDown, this.#logger);
    this.#stopWatching = () => {
      stopKeeping();
      stay();
    };
  }

  add(socket: Transport): void {
    const connection = new Connection(socket, this.#options);
    this.#open.add(connection);
    socket.once('close', () => this.#open.delete(connection));
  }

  /** Lets each connection answer its pending requests, and closes it. */
  async close(): Promise<void> {
    this.#stopWatching();
    await Promise.all(Array.from(this.#open, (connection) => connection.close()));
  }
}
