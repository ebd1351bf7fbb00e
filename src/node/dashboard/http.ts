/** Answers HTTP requests with files of the page and metrics, and never with data of the request. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asset } from './assets.ts';

/** The page may load resources from this server only. */
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
].join('; ');

/** The headers of every answer. */
const SECURITY = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** For a page that may not be framed, and whose window is isolated. */
const ALONE = {
  'Content-Security-Policy': `${POLICY}; frame-ancestors 'none'`,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** For a page that pages of this machine may open or frame, and talk to. */
const EMBEDDABLE = {
  'Content-Security-Policy': `${POLICY}; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*`,
};

const ONE_YEAR = 'public, max-age=31536000, immutable';

/** A response that is generated on request. */
export interface Dynamic {
  readonly type: string;
  isAuthorized(request: IncomingMessage): boolean;
  make(): Promise<string>;
}

/** The available responses. */
export interface Answers {
  /** Files by path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Generated responses by path. Default: none. */
  readonly dynamic?: ReadonlyMap<string, Dynamic> | undefined;
  /** Whether pages of this machine may open the page in a window or frame. Default: false. */
  readonly isEmbeddable?: boolean;
}

/** Answers a request whose host and origin were checked. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { assets, dynamic, isEmbeddable = false }: Answers,
): Promise<void> {
  setHeaders(response, isEmbeddable ? EMBEDDABLE : ALONE);
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
    const body = isCompressed ? asset.gzipped : asset.plain;
    send(response, 200, asset.type, body, asset.isHashed ? ONE_YEAR : 'no-cache');
    return;
  }
  const made = dynamic?.get(path);
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

/** Refuses a request with a fixed message. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (!response.hasHeader('Content-Security-Policy')) setHeaders(response, ALONE);
  setHeaders(response, headers);
  send(response, status, 'text/plain; charset=utf-8', Buffer.from(`${message}\n`), 'no-store');
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
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
  // Node drops the body if the method is HEAD.
  response.end(body);
}
