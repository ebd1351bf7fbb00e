/** Creates commands with shared settings: they throw instead of exiting, and their help has one style. */

import { Command } from 'commander';
import { printableLine } from '../printable/text.ts';
import { isTerminal, STDERR, STDOUT, writeTo } from './descriptors.ts';
import { PREFIX } from './exit.ts';

/** The width of help where stdout is no terminal, or one that does not know its size; the parser's default. */
const UNKNOWN_WIDTH = 80;

/** Creates a command; subcommands created by its `command()` inherit the settings. */
export function newCommand(name: string): Command {
  return withHabits(new Command(name));
}

/** Applies the shared settings to a command; options that follow a subcommand belong to that subcommand only. */
export function withHabits<C extends Command>(command: C): C {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeTo(STDOUT, text),
      writeErr: (text) => writeTo(STDERR, text),
      getOutHelpWidth: () => (isTerminal(STDOUT) && process.stdout.columns) || UNKNOWN_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      // The message quotes user input, so it must be made safe to print.
      outputError: (text, write) => write(usageError(text)),
    })
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists commands and options)')
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false);
}

/** Where the parser joins its sentence with the message of an InvalidArgumentError. */
const WRONG_VALUE = / is invalid( for argument '[^']*')?\. (?=expected )/;

const SUGGESTION = '\n(Did you mean ';

/** Prints the message on one line and the suggestion on another, so that a newline in user input starts no line. */
function usageError(text: string): string {
  const message = text
    .replace(/^error: /, '')
    .replace(WRONG_VALUE, ' is invalid$1: ')
    .trimEnd();
  const end = message.lastIndexOf(SUGGESTION);
  if (end < 0) return `${PREFIX}${printableLine(message)}\n`;
  const [wrong, meant] = [message.slice(0, end), message.slice(end + 1)];
  return `${PREFIX}${printableLine(wrong)}\n${printableLine(meant)}\n`;
}
