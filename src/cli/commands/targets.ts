/** The address of a control server on a command line. */

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, type ParseOptionsResult } from 'commander';
import { parseControlAddress } from '../control-address.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { visible } from '../visible.ts';

/** A command with the subcommands `tcp` and `unix`, which may also be written as `taskpool run --control` has them. */
export class WithAddress extends Command {
  override parseOptions(argv: string[]): ParseOptionsResult {
    const at = argv.findIndex((word) => /^(?:tcp|unix)(?::|$)/.test(word));
    if (at >= 0) argv.splice(at, 1, ...this.#wordsOf(argv[at] as string));
    return super.parseOptions(argv);
  }

  /** `tcp:HOST:PORT` as `tcp HOST PORT`, `unix:PATH` as `unix PATH`. */
  #wordsOf(word: string): string[] {
    if (!word.includes(':')) return [word];
    try {
      const address = parseControlAddress(word);
      return 'path' in address
        ? ['unix', address.path]
        : ['tcp', address.host, String(address.port)];
    } catch (error) {
      return this.error(`error: ${(error as Error).message}`);
    }
  }
}

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
