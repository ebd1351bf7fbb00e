/** The control server on a TCP port. */

import { lookup } from 'node:dns/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { UnsafeAddress } from '../../control/errors.ts';
import type { BasePool } from '../../index.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { printableName } from '../../printable/text.ts';
import { checkBoundHost, checkPort, checkTls } from '../address-checks.ts';
import { KEEP_ALIVE } from './limits.ts';
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
  host: [checkBoundHost, 'hostname', 'address', 'bind'],
  port: [],
  tls: [checkTls, 'ssl', 'https', 'secure'],
});

/** Where a {@link TCPControlServer} listens. */
export interface TCPAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_HOST = '127.0.0.1';

/** A server on a TCP port, of the loopback interface unless it has a token and TLS. */
export class TCPControlServer extends ControlServer<TCPAddress> {
  declare protected readonly options: TCPControlServerOptions;

  /** @throws TypeError, RangeError for invalid options. */
  constructor(pool: BasePool, options: TCPControlServerOptions) {
    OPTIONS.check('new TCPControlServer()', options);
    super(pool, options);
    checkPort('port', options.port);
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
    const { host = DEFAULT_HOST, port } = this.options;
    const wanted = await resolve(host);
    this.#checkSafe(host, wanted);
    // The very address that was checked: the name could stand for another one a moment later.
    await this.bind(server, { host: wanted, port });
    const bound = server.address() as AddressInfo;
    try {
      this.#checkSafe(host, bound.address);
    } catch (error) {
      server.close();
      throw error;
    }
    return { host: bound.address, port: bound.port };
  }

  /** @throws UnsafeAddress */
  #checkSafe(host: string, address: string): void {
    const { token, tls } = this.options;
    if (token !== undefined && tls !== undefined) return;
    if (isLoopbackAddress(address)) return;
    const missing = [token === undefined ? ['token'] : [], tls === undefined ? ['tls'] : []].flat();
    throw new UnsafeAddress(
      `expected a loopback host, or token and tls, got ${printableName(host) || "''"} ` +
        `without ${missing.join(' and ')}`,
    );
  }
}

/** The address that a host name stands for. No name at all is every address of the machine. */
async function resolve(host: string): Promise<string> {
  return host === '' ? '' : (await lookup(host)).address;
}
