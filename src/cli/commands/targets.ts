/** Where a control server is, as the command line says it. */

import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { CommandFailed, ExitCode } from '../exit.ts';

/** The port of a server that listens. */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a whole number from 1 to 65535');
}

/** The port to listen on; 0 is one that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a whole number from 0 to 65535');
}

/** The certificates in a file. @throws CommandFailed */
export function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { message } = error as Error;
    throw new CommandFailed(ExitCode.usage, `expected a readable file after --ca: ${message}`);
  }
}
