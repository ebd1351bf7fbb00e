/** Opens the socket to a control server. */

import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { whenAborted } from '../../../kit/on-abort.ts';
import { isAggregateError, isError } from '../../../kit/realms.ts';
import { summarizeError } from '../../../printable/error.ts';
import { DEFAULT_HOST, type Target } from './target.ts';

/**
 * Resolves once the connection is established, with TLS once the certificate is verified.
 *
 * Rejects with the error of Node, or with the reason of the signal.
 */
export function openSocket(target: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = dial(target);
    const fail = (cause: unknown) => {
      socket.on('error', () => {}).destroy();
      reject(cause);
    };
    const stopListening = whenAborted(signal, () => fail(signal.reason));
    socket.once('error', fail);
    socket.once('close', stopListening);
    socket.once(target.tls ? 'secureConnect' : 'connect', () => {
      stopListening();
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function dial(target: Target): Socket {
  if (target.path !== undefined) return connectPlain({ path: target.path });
  const { host = DEFAULT_HOST, port, tls = false } = target;
  if (tls === false) return connectPlain({ host, port, noDelay: true });
  return connectTls({ host, port, ...(tls === true ? {} : tls) }).setNoDelay(true);
}

/** The reason of a failed connection, on one line. */
export function reasonOf(cause: unknown): string {
  // Node reports an error for each tried address; the first one is enough.
  if (isAggregateError(cause) && cause.message === '') return reasonOf(cause.errors[0]);
  // The message of OpenSSL also contains its source location.
  if (isError(cause) && 'library' in cause && 'reason' in cause) {
    return `TLS: ${cause.reason}`;
  }
  // Names in certificates and refusals are untrusted.
  return summarizeError(cause).message;
}
