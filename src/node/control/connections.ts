/** Who is connected to the pools of a server, from its first connection to its last. */

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

  /** For people: `TaskPool-a, TaskPool-b, 2 connected`. */
  toString(): string {
    return `${this.pools.map(String).join(', ')}, ${this.size} connected`;
  }

  /** Not what its server was made with: a token may be among that. */
  toJSON(): { readonly pools: readonly string[]; readonly numConnections: number } {
    return { pools: this.pools.map(({ name }) => name), numConnections: this.size };
  }

  /**
   * Keeps the histories of the pools, and steps down once another process continues the first of them: all
   * connections are dropped, so that clients look for that one.
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

  /** Lets each answer what it was asked, and closes it. */
  async close(): Promise<void> {
    this.#stopWatching();
    await Promise.all(Array.from(this.#open, (connection) => connection.close()));
  }
}
