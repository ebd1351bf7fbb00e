/** What every server has in common: it listens once, and is closed once. */

import type { ListenOptions, Server } from 'node:net';

/** When a server listens, and when it is closed. */
export class Listening<Address> {
  #address: Promise<Address> | undefined = undefined;
  #closed: Promise<void> | undefined = undefined;

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Begins to listen. One that could not may be tried again.
   *
   * @throws TypeError if it listens, or is closed; what `begin` throws.
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

  /** Closes what listens, if anything does. A second call gets the same promise. */
  close(end: () => Promise<void>): Promise<void> {
    this.#closed ??= this.#close(end);
    return this.#closed;
  }

  async #close(end: () => Promise<void>): Promise<void> {
    // One that is about to listen would do so after it was closed.
    await this.#address?.catch(() => {});
    if (this.#address !== undefined) await end();
  }
}

/** Has a server listen. Rejects if it cannot. */
export function bind(server: Server, address: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
