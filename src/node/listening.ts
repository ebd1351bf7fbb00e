/** The life cycle of every server: it listens once, and is closed once. */

import type { ListenOptions, Server } from 'node:net';

/** Tracks whether a server listens or is closed. */
export class Listening<Address> {
  #address: Promise<Address> | undefined = undefined;
  #closed: Promise<void> | undefined = undefined;

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Starts listening. After a failure it may be tried again.
   *
   * @throws TypeError if it is listening or closed; the errors of `begin`.
   */
  async open(begin: () => Promise<Address>): Promise<Address> {
    if (this.#address !== undefined || this.isClosed) {
      throw new TypeError('expected a server that has not listened before');
    }
    const address = begin();
    this.#address = address;
    try {
      return await address;
    } catch (error) {
      this.#address = undefined;
      throw error;
    }
  }

  /** Closes the server if it listens. Further calls return the same promise. */
  close(end: () => Promise<void>): Promise<void> {
    this.#closed ??= this.#close(end);
    return this.#closed;
  }

  async #close(end: () => Promise<void>): Promise<void> {
    // A server that is starting would otherwise listen after it was closed.
    await this.#address?.catch(() => {});
    if (this.#address !== undefined) await end();
  }
}

/** Makes a server listen. Rejects if it cannot. */
export function bind(server: Server, address: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // In a worker of `node:cluster` all workers would share the port, and clients of one pool would reach another.
    server.listen({ ...address, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
