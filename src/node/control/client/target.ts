/** The address of a control server. */

import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { checkHost, checkPath, checkRemotePort } from '../../address-checks.ts';

/** A server on a TCP port. */
export interface TCPTarget {
  /** The host name or address. Default: `127.0.0.1`. */
  readonly host?: string;
  /** The port, 1 to 65,535. */
  readonly port: number;
  /** Use TLS; or options of Node's `tls.connect`, for instance `ca`. Default: false. */
  readonly tls?: boolean | TlsOptions;
  readonly path?: never;
}

/** A server on a Unix domain socket. */
export interface UnixTarget {
  /** The path of the socket file. */
  readonly path: string;
  readonly port?: never;
  readonly host?: never;
  readonly tls?: never;
}

/** The address of a control server: a TCP port, or a Unix domain socket. */
export type Target = TCPTarget | UnixTarget;

export const DEFAULT_HOST = '127.0.0.1';

/** The address in the usual notation: `127.0.0.1:9999`. */
export function nameOf(target: Target): string {
  if (target.path !== undefined) return target.path;
  const { host = DEFAULT_HOST, port } = target;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Checks an address.
 *
 * @throws TypeError, RangeError
 */
export function checkTarget(target: Target): void {
  const { path, port, host } = target as { path?: unknown; port?: unknown; host?: unknown };
  if (path !== undefined) {
    checkPath('path', path);
    return;
  }
  if (port === undefined) throw new TypeError('expected a port or a path, got neither');
  checkRemotePort('port', port);
  if (host !== undefined) checkHost('host', host);
}
