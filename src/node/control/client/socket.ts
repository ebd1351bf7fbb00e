/** Opens the socket to a control server. */

import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';

/** A server that listens on a port. */
export interface TCPTarget {
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  readonly port: number;
  /** With TLS; what Node's `tls.connect` takes besides, `ca` for instance. Default: false. */
  readonly tls?: boolean | TlsOptions;
}

/** A server that listens on a Unix domain socket. */
export interface UnixTarget {
  readonly path: string;
}

export type Target = TCPTarget | UnixTarget;

/** As people write it: `127.0.0.1:9999`. */
export function nameOf(target: Target): string {
  if ('path' in target) return target.path;
  const { host = LOOPBACK, port } = target;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Resolves once the connection, and with TLS the trust, is established.
 *
 * Rejects with what Node says, or with the reason of the signal, which gives up.
 */
export function openSocket(target: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = dial(target);
    const fail = (cause: unknown) => {
      signal.removeEventListener('abort', giveUp);
      socket.on('error', () => {}).destroy();
      reject(cause);
    };
    const giveUp = () => fail(signal.reason);
    socket.once('error', fail);
    socket.once('tls' in target && target.tls ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', giveUp);
      socket.off('error', fail);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}

const LOOPBACK = '127.0.0.1';

function dial(target: Target): Socket {
  if ('path' in target) return connectPlain({ path: target.path });
  const { host = LOOPBACK, port, tls = false } = target;
  if (tls === false) return connectPlain({ host, port, noDelay: true });
  return connectTls({ host, port, ...(tls === true ? {} : tls) }).setNoDelay(true);
}

/** Why there is no connection, in one line. */
export function reasonOf(cause: unknown): string {
  // Node reports each address that was tried; the first failure says enough.
  if (cause instanceof AggregateError && cause.message === '') return reasonOf(cause.errors[0]);
  if (!(cause instanceof Error)) return String(cause);
  // The message of OpenSSL names its sources besides.
  if ('library' in cause && 'reason' in cause) return `TLS: ${cause.reason}`;
  return cause.message;
}
