/** Parses a command line: a command with its arguments, or a request for help. */

import type { NamedCommand } from '../table.ts';
import { COMMANDS } from '../table.ts';
import {
  argumentsFromWords,
  asksForHelp,
  type NamedArguments,
  type NameOf,
} from './read-arguments.ts';
import { splitWords } from './words.ts';

/** The command to run, with its arguments. */
export interface Call {
  readonly named: NamedCommand;
  readonly args: NamedArguments;
}

/** Resolves names. */
export interface Lookup {
  /** @throws CommandNotFound */
  readonly find: (name: string) => NamedCommand;
  readonly nameOf: NameOf;
}

/**
 * Parses a command line that is not empty.
 *
 * @throws BadArguments, CommandNotFound
 */
export function readCommandLine(line: string, { find, nameOf }: Lookup): Call {
  const [first, ...words] = splitWords(line);
  const name = first?.text ?? '';
  const help: NamedCommand = { name: 'help', command: COMMANDS.help };
  if (name === '-h' || name === '--help') return { named: help, args: { command: undefined } };
  const named = find(name);
  if (asksForHelp(words)) return { named: help, args: { command: named.name } };
  return { named, args: argumentsFromWords(named, words, nameOf) };
}
