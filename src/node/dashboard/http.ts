/** What the server answers over HTTP: the files of the page, and metrics. Nothing that it was sent. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asset } from './assets.ts';

/** What a page may do: load from here, and nothing from elsewhere. */
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

/** On every answer. */
const SECURITY = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** Of a page that is on its own: no one has it in a frame, or a hold of its window. */
const ALONE = {
  'Content-Security-Policy': `${POLICY}; frame-ancestors 'none'`,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Of one that pages of this machine may open, or have in a frame, and talk to. */
const EMBEDDABLE = {
  'Content-Security-Policy': `${POLICY}; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*`,
};

const ONE_YEAR = 'public, max-age=31536000, immutable';

/** Something that is made when it is asked for. */
export interface Dynamic {
  readonly type: string;
  isAuthorized(request: IncomingMessage): boolean;
  make(): Promise<string>;
}

/** What there is to answer with. */
export interface Answers {
  /** Files, by their paths. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** What is made when it is asked for, by its path. Default: nothing. */
  readonly dynamic?: ReadonlyMap<string, Dynamic> | undefined;
  /** Whether pages of this machine may open the page in a window or frame of theirs. Default: false. */
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

/** Says no, in words of our own. */
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
  // Node leaves the body out where the method is HEAD.
  response.end(body);
}
