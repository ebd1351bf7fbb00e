/** Where a control server listens, as its clients see it. */

import type { ConnectionOptions as TlsOptions } from 'node:tls';

/** A server that listens on a port. */
export interface TCPTarget {
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  readonly port: number;
  /** With TLS; what Node's `tls.connect` takes besides, `ca` for instance. Default: false. */
  readonly tls?: boolean | TlsOptions;
  readonly path?: never;
}

/** A server that listens on a Unix domain socket. */
export interface UnixTarget {
  readonly path: string;
  readonly port?: never;
  readonly host?: never;
  readonly tls?: never;
}

export type Target = TCPTarget | UnixTarget;

export const DEFAULT_HOST = '127.0.0.1';

/** As people write it: `127.0.0.1:9999`. */
export function nameOf(target: Target): string {
  if (target.path !== undefined) return target.path;
  const { host = DEFAULT_HOST, port } = target;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Checks where to connect to.
 *
 * @throws TypeError, RangeError
 */
export function checkTarget(target: Target): void {
  const { path, port, host } = target as { path?: unknown; port?: unknown; host?: unknown };
  if (path !== undefined) {
    if (typeof path === 'string' && path !== '') return;
    throw new TypeError(`expected path to be the path of a socket, got ${JSON.stringify(path)}`);
  }
  if (port === undefined) throw new TypeError('expected a port or a path, got neither');
  if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535) {
    throw new RangeError(`expected port to be a whole number from 1 to 65535, got ${port}`);
  }
  if (host === undefined || (typeof host === 'string' && host !== '')) return;
  throw new TypeError(`expected host to be a name or an address, got ${JSON.stringify(host)}`);
}
