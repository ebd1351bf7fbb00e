/** Where a control server listens, as its clients see it. */

import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { checkHost, checkPath, checkRemotePort } from '../../address-checks.ts';

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
    checkPath('path', path);
    return;
  }
  if (port === undefined) throw new TypeError('expected a port or a path, got neither');
  checkRemotePort('port', port);
  if (host !== undefined) checkHost('host', host);
}
