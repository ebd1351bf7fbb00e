/** A command as every one here is: it throws in place of exiting, and its help has one style. */

import { Command } from 'commander';
import { printableLine } from '../printable/text.ts';
import { isTerminal, STDERR, STDOUT, writeTo } from './descriptors.ts';
import { PREFIX } from './exit.ts';

/** For what is no terminal; the parser has it, too. */
const UNKNOWN_WIDTH = 80;

/** Subcommands made by its `command()` have the same settings. */
export function newCommand(name: string): Command {
  return withHabits(new Command(name));
}

/** Gives a command the settings that all have; options that follow a subcommand belong to it alone. */
export function withHabits<C extends Command>(command: C): C {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeTo(STDOUT, text),
      writeErr: (text) => writeTo(STDERR, text),
      getOutHelpWidth: () => (isTerminal(STDOUT) ? process.stdout.columns : UNKNOWN_WIDTH),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      // What is wrong was typed by someone, or pasted.
      outputError: (text, write) => write(usageError(text)),
    })
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows what there is)')
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false);
}

const SUGGESTION = '\n(Did you mean ';

/** On one line, and what may have been meant on another: a newline that was typed begins none. */
function usageError(text: string): string {
  const message = text.replace(/^error: /, '').trimEnd();
  const end = message.lastIndexOf(SUGGESTION);
  if (end < 0) return `${PREFIX}${printableLine(message)}\n`;
  const [wrong, meant] = [message.slice(0, end), message.slice(end + 1)];
  return `${PREFIX}${printableLine(wrong)}\n${printableLine(meant)}\n`;
}
