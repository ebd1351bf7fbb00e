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
  /** The host to listen on. Any but a loopback address requires `token` and `tls`. Default: `'127.0.0.1'`. */
  readonly host?: string;
  /** The port, 0 to 65,535; 0 picks a free one. */
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

/** The address of a {@link TCPControlServer}. */
export interface TCPAddress {
  /** The IP address on which the server listens. */
  readonly host: string;
  /** The port on which the server listens. */
  readonly port: number;
}

const DEFAULT_HOST = '127.0.0.1';

/** A control server on a TCP port; limited to the loopback interface unless it has a token and TLS. */
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
      // A client that has ended its side may still read answers.
      allowHalfOpen: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE,
      noDelay: true,
    };
    if (tls === undefined) return createServer(settings, accept);
    const { handshakeTimeout = 10_000 } = this.options.limits ?? {};
    const server = createTlsServer({ handshakeTimeout, ...tls, ...settings }, accept);
    // Failed or slow TLS handshakes.
    return server.on('tlsClientError', (_, socket) => socket.destroy());
  }

  protected override async start(server: Server): Promise<TCPAddress> {
    const { host = DEFAULT_HOST, port } = this.options;
    const wanted = await resolve(host);
    this.#checkSafe(host, wanted);
    // Binds the checked address, since the name could resolve to another one a moment later.
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

/** The address of a host name. The empty name stands for all addresses of the machine. */
async function resolve(host: string): Promise<string> {
  return host === '' ? '' : (await lookup(host)).address;
}
