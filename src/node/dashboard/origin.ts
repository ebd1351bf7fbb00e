/**
 * Checks that a request comes from a page of this server, or from no page: foreign pages must not reach it, neither
 * by another name for this machine (DNS rebinding) nor across origins.
 */

import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress } from '../control/loopback.ts';

/** Matches `127.0.0.1:8080`, `[::1]`, `localhost`, and captures the name without the port. */
const HOST = /^(\[[\da-f:.]+\]|[^\s:/@[\]]+)(?::\d{1,5})?$/i;

/**
 * Whether the request names a known host. The port is ignored: a tunnel may have another one.
 *
 * @param known further names and addresses, in lower case.
 */
export function isHostKnown({ headers }: IncomingMessage, known: ReadonlySet<string>): boolean {
  const name = HOST.exec(headers.host ?? '')?.[1]?.toLowerCase();
  if (name === undefined) return false;
  const bare = name.replace(/^\[|\]$/g, '');
  return name === 'localhost' || isLoopbackAddress(bare) || known.has(bare);
}

/** Whether it was sent by a page of this server, or by no page. */
export function isSameOrigin({ headers }: IncomingMessage, isEncrypted: boolean): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return origin === `${isEncrypted ? 'https' : 'http'}://${host}`;
}

/** Whether it was sent by a page of any server on this machine. */
export function isLocalOrigin({ headers }: IncomingMessage): boolean {
  const { origin = '' } = headers;
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}
