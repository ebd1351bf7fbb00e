/** Parses requests of the JSON protocol. */

import { hint } from '../../kit/nearest.ts';
import { quoted } from '../../kit/printed.ts';
import { BadRequest } from '../errors.ts';

/** The id of a request, chosen by the client to match its answer. */
export type RequestId = string | number;

/** A command with named arguments, a command line as typed by a person, or the abort of a running request. */
export type Request =
  | { readonly command: string; readonly args: unknown }
  | { readonly line: string }
  | { readonly abort: RequestId };

/**
 * The fields of a request; unknown ones are refused, such as an argument outside `args`, which would have no effect.
 */
const FIELDS = ['id', 'command', 'args', 'line', 'abort'];

/**
 * Parses a request. `tellId` is called as soon as the id is known, so that errors are answered with it.
 *
 * @throws BadRequest
 */
export function readRequest(line: string, tellId: (id: RequestId) => void): Request {
  const request = parseObject(line);
  const { id, command, args = {}, line: typed, abort } = request;
  if (id !== undefined) {
    if (!isId(id)) throw new BadRequest(`expected id to be a string or a number, got ${kind(id)}`);
    tellId(id);
  }
  const unknown = Object.keys(request).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) {
    const said = hint(unknown, FIELDS);
    throw new BadRequest(`expected a field of a request, got ${quoted(unknown)}: ${said}`);
  }
  const given = ['command', 'line', 'abort'].filter((key) => request[key] !== undefined);
  if (given.length !== 1) {
    throw new BadRequest(
      `expected one of command, line and abort, got ${given.join(' and ') || 'none'}`,
    );
  }
  if (request['args'] !== undefined && command === undefined) {
    throw new BadRequest('expected args with a command: a line has its own, and an abort has none');
  }
  if (typeof command === 'string') return { command, args };
  if (typeof typed === 'string' && typed.trim() !== '') return { line: typed };
  if (isId(abort)) return { abort };
  throw new BadRequest(
    'expected command to be a string, line to be a non-empty string, abort to be an id',
  );
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new BadRequest(`expected a JSON object in one line (${(error as Error).message})`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new BadRequest(`expected a JSON object, got ${kind(value)}`);
}

function isId(value: unknown): value is RequestId {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
