/** The control server on a Unix domain socket. */

import { createServer, type Server, type Socket } from 'node:net';
import type { BasePool } from '../../index.ts';
import { type Check, checkNumber } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { checkPath } from '../address-checks.ts';
import { ControlServer, type ControlServerOptions, SERVER_OPTIONS } from './server.ts';
import { type FileIdentity, placeSocket, removeSocket } from './socket-file.ts';

/** Options of a {@link UnixControlServer}. */
export interface UnixControlServerOptions extends ControlServerOptions {
  /** The path of the socket file, which is created on listening and removed on closing. */
  readonly path: string;
  /** The permissions of the socket file. Default: `0o600`, only this user can connect. */
  readonly mode?: number;
}

const checkMode: Check = (name, value) => {
  const isRight = (mode: number) => Number.isInteger(mode) && mode >= 0 && mode <= 0o777;
  checkNumber(name, value, 'a number from 0 to 0o777', isRight);
};

const OPTIONS = new OptionBag<UnixControlServerOptions>({
  ...SERVER_OPTIONS,
  path: ['socket', 'socketPath', 'file'],
  mode: [checkMode, 'permissions', 'chmod'],
});

/** The address of a {@link UnixControlServer}. */
export interface UnixAddress {
  /** The path of the socket file. */
  readonly path: string;
}

/** A control server on a Unix domain socket, by default accessible to this user only. */
export class UnixControlServer extends ControlServer<UnixAddress> {
  declare protected readonly options: UnixControlServerOptions;
  #file: FileIdentity | undefined = undefined;

  /** @throws TypeError, RangeError for invalid options. */
  constructor(pool: BasePool, options: UnixControlServerOptions) {
    OPTIONS.check('new UnixControlServer()', options);
    super(pool, options);
    checkPath('path', options.path);
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
