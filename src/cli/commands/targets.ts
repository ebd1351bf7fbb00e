/** Options that name the address of a control server. */

import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { CommandFailed, ExitCode } from '../exit.ts';
import { visible } from '../visible.ts';

/** Parses the port of a server to connect to, 1 to 65535. @throws InvalidArgumentError */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError(`expected an integer from 1 to 65535, got ${visible(text)}`);
}

/** Parses the port to listen on, 0 to 65535; 0 picks a free one. @throws InvalidArgumentError */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError(`expected an integer from 0 to 65535, got ${visible(text)}`);
}

/** Parses the path of a socket. @throws InvalidArgumentError */
export function parsePath(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError(`expected the path of a socket, got ${visible(text)}`);
}

/** Parses the host of a server. @throws InvalidArgumentError */
export function parseHost(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError(`expected a name or an address, got ${visible(text)}`);
}

/** Reads a file of CA certificates. @throws CommandFailed if it cannot be read. */
export function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { message } = error as Error;
    throw new CommandFailed(ExitCode.usage, `expected a readable file after --ca: ${message}`);
  }
}
