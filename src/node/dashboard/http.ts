/** What the server answers over HTTP: the files of the page, and metrics. Nothing that it was sent. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Asset, plainBytes } from './assets.ts';

/** What the page may do: load from here, and nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer. */
const SECURITY = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

const ONE_YEAR = 'public, max-age=31536000, immutable';

/** Something that is made when it is asked for. */
export interface Dynamic {
  readonly type: string;
  isAuthorized(request: IncomingMessage): boolean;
  make(): Promise<string>;
}

/** Answers a request whose host and origin were checked. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  assets: ReadonlyMap<string, Asset>,
  dynamic: ReadonlyMap<string, Dynamic>,
): Promise<void> {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    refuse(response, 405, 'expected GET or HEAD', { Allow: 'GET, HEAD' });
    return;
  }
  const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
  const asset = assets.get(path);
  if (asset !== undefined) {
    const isCompressed = takesGzip(request);
    response.setHeader('Vary', 'Accept-Encoding');
    if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
    const body = isCompressed ? asset.gzipped : plainBytes(asset);
    send(response, 200, asset.type, body, asset.isHashed ? ONE_YEAR : 'no-cache');
    return;
  }
  const made = dynamic.get(path);
  if (made === undefined) {
    refuse(response, 404, 'there is nothing here');
  } else if (made.isAuthorized(request)) {
    send(response, 200, made.type, Buffer.from(await made.make()), 'no-store');
  } else {
    const message = 'expected the token of the server: Authorization: Bearer TOKEN';
    refuse(response, 401, message, { 'WWW-Authenticate': 'Bearer' });
  }
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    String(headers['accept-encoding'] ?? ''),
  );
}

/** Says no, in words of our own. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  send(response, status, 'text/plain; charset=utf-8', Buffer.from(`${message}\n`), 'no-store');
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
  caching: string,
): void {
  response.writeHead(status, {
    ...SECURITY,
    'Content-Type': type,
    'Content-Length': body.length,
    'Cache-Control': caching,
  });
  // Node leaves the body out where the method is HEAD.
  response.end(body);
}
