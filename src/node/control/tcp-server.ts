/** The control server on a TCP port. */

import { lookup } from 'node:dns/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { UnsafeAddress } from '../../control/errors.ts';
import type { BasePool } from '../../index.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { isLoopbackAddress } from './loopback.ts';
import { ControlServer, type ControlServerOptions, SERVER_OPTIONS } from './server.ts';

/** Options of a {@link TCPControlServer}. */
export interface TCPControlServerOptions extends ControlServerOptions {
  /** Default: `'127.0.0.1'`. Any but a loopback address needs `token` and `tls`. */
  readonly host?: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Certificate and key, as for `tls.createServer`. Default: no encryption. */
  readonly tls?: TlsOptions;
}

const OPTIONS = new OptionBag<TCPControlServerOptions>({
  ...SERVER_OPTIONS,
  host: ['hostname', 'address', 'bind'],
  port: [],
  tls: ['ssl', 'https', 'secure'],
});

/** Where a {@link TCPControlServer} listens. */
export interface TCPAddress {
  readonly host: string;
  readonly port: number;
}

/** How long peers may be silent before it is asked whether they are there: milliseconds. */
const KEEP_ALIVE = 60_000;

/** A server on a TCP port, of the loopback interface unless it has a token and TLS. */
export class TCPControlServer extends ControlServer<TCPAddress> {
  declare protected readonly options: TCPControlServerOptions;

  /** @throws TypeError, RangeError for options that make no sense. */
  constructor(pool: BasePool, options: TCPControlServerOptions) {
    OPTIONS.check('new TCPControlServer()', options);
    super(pool, options);
    const { port } = options;
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
    throw new RangeError(`expected port to be a whole number from 0 to 65535, got ${port}`);
  }

  protected override create(accept: (socket: Socket) => void): Server {
    const { tls } = this.options;
    const settings = {
      // A client that has sent all it has to say may still read.
      allowHalfOpen: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE,
      noDelay: true,
    };
    if (tls === undefined) return createServer(settings, accept);
    const { handshakeTimeout = 10_000 } = this.options.limits ?? {};
    const server = createTlsServer({ handshakeTimeout, ...tls, ...settings }, accept);
    // Those that do not get as far as a session, or take too long for it.
    return server.on('tlsClientError', (_, socket) => socket.destroy());
  }

  protected override async start(server: Server): Promise<TCPAddress> {
    const { host = '127.0.0.1', port } = this.options;
    await this.#checkSafe(host);
    await this.bind(server, { host, port });
    const address = server.address() as AddressInfo;
    return { host: address.address, port: address.port };
  }

  /** @throws UnsafeAddress */
  async #checkSafe(host: string): Promise<void> {
    const { token, tls } = this.options;
    if (token !== undefined && tls !== undefined) return;
    if (await isLoopback(host)) return;
    const missing = [token === undefined ? ['token'] : [], tls === undefined ? ['tls'] : []].flat();
    throw new UnsafeAddress(
      `expected a loopback host, or token and tls, got ${host || "''"} without ${missing.join(' and ')}`,
    );
  }
}

/** Whether all that a host name stands for is on this machine only. */
async function isLoopback(host: string): Promise<boolean> {
  if (host === '') return false;
  const addresses = await lookup(host, { all: true });
  return addresses.every(({ address }) => isLoopbackAddress(address));
}
