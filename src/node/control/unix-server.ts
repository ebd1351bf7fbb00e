/** The control server on a Unix socket. */

import { createServer, type Server, type Socket } from 'node:net';
import type { BasePool } from '../../index.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { ControlServer, type ControlServerOptions, SERVER_OPTIONS } from './server.ts';
import { type FileIdentity, placeSocket, removeSocket } from './socket-file.ts';

/** Options of a {@link UnixControlServer}. */
export interface UnixControlServerOptions extends ControlServerOptions {
  readonly path: string;
  /** Who may connect, as the permissions of a file. Default: `0o600`, only this user. */
  readonly mode?: number;
}

const OPTIONS = new OptionBag<UnixControlServerOptions>({
  ...SERVER_OPTIONS,
  path: ['socket', 'socketPath', 'file'],
  mode: ['permissions', 'chmod'],
});

/** Where a {@link UnixControlServer} listens. */
export interface UnixAddress {
  readonly path: string;
}

/** A server on a Unix socket, of this user only by default. */
export class UnixControlServer extends ControlServer<UnixAddress> {
  declare protected readonly options: UnixControlServerOptions;
  #file: FileIdentity | undefined = undefined;

  /** @throws TypeError, RangeError for invalid options. */
  constructor(pool: BasePool, options: UnixControlServerOptions) {
    OPTIONS.check('new UnixControlServer()', options);
    super(pool, options);
    const { path, mode = 0o600 } = options;
    if (typeof path !== 'string' || path === '' || path.includes('\0')) {
      throw new TypeError(`expected path to be the path of a file, got ${JSON.stringify(path)}`);
    }
    if (Number.isInteger(mode) && mode >= 0 && mode <= 0o777) return;
    throw new RangeError(`expected mode to be from 0 to 0o777, got ${mode}`);
  }

  protected override create(accept: (socket: Socket) => void): Server {
    return createServer({ allowHalfOpen: true }, accept);
  }

  protected override async start(server: Server): Promise<UnixAddress> {
    const { path, mode = 0o600 } = this.options;
    try {
      this.#file = await placeSocket(path, mode, (at) => this.bind(server, { path: at }));
    } catch (error) {
      if (server.listening) server.close();
      throw error;
    }
    return { path };
  }

  protected override async stopped(): Promise<void> {
    if (this.#file !== undefined) await removeSocket(this.options.path, this.#file);
  }
}
