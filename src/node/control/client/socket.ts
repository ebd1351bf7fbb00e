/** Opens the socket to a control server. */

import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { whenAborted } from '../../../kit/on-abort.ts';
import { isAggregateError, isError } from '../../../kit/realms.ts';
import { summarizeError } from '../../../printable/error.ts';
import { DEFAULT_HOST, type Target } from './target.ts';

/**
 * Resolves once the connection, and with TLS the trust, is established.
 *
 * Rejects with what Node says, or with the reason of the signal, which gives up.
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

/** Why there is no connection, in one line. */
export function reasonOf(cause: unknown): string {
  // Node reports each address that was tried; the first failure says enough.
  if (isAggregateError(cause) && cause.message === '') return reasonOf(cause.errors[0]);
  // The message of OpenSSL names its sources besides.
  if (isError(cause) && 'library' in cause && 'reason' in cause) {
    return `TLS: ${cause.reason}`;
  }
  // Names in certificates and refusals are the other side's.
  return summarizeError(cause).message;
}
