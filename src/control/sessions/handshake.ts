/** Parses the first line of a connection, in which the client introduces itself. */

import { BadRequest } from '../errors.ts';

/** The data of the handshake. */
export interface ClientInfo {
  /** The width of the client's terminal, in characters. */
  readonly width: number;
  readonly format: 'text' | 'json';
  readonly token: string | undefined;
}

/** The default width. */
export const DEFAULT_WIDTH = 80;
/** The minimum width: help cannot be laid out in less. */
const LEAST_WIDTH = 40;
const MOST_WIDTH = 1000;

/**
 * Parses the first line: a JSON object with `terminal_width`, `format` and `token`, all optional; other fields are
 * ignored. Errors do not quote it, since the client is not authenticated yet.
 *
 * @throws BadRequest
 */
export function readHandshake(line: string): ClientInfo {
  const info = parseObject(line);
  const { terminal_width: width = DEFAULT_WIDTH, format = 'text', token } = info;
  if (typeof width !== 'number') {
    throw new BadRequest(`expected terminal_width to be a number, got a ${typeof width}`);
  }
  if (format !== 'text' && format !== 'json') {
    throw new BadRequest('expected format to be "text" or "json"');
  }
  if (token !== undefined && typeof token !== 'string') {
    throw new BadRequest(`expected token to be a string, got a ${typeof token}`);
  }
  return { width: Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Math.floor(width))), format, token };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new BadRequest('expected the first line to be a JSON object like {"terminal_width": 80}');
}
