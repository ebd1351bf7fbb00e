/** A command as every one here is: it throws in place of exiting, and its help has one style. */

import { Command } from 'commander';
import { printable } from '../printable/text.ts';
import { PREFIX } from './exit.ts';

/** Subcommands made by its `command()` have the same settings. */
export function newCommand(name: string): Command {
  return withHabits(new Command(name));
}

/** Gives a command the settings that all have. */
export function withHabits<C extends Command>(command: C): C {
  return command
    .exitOverride()
    .configureOutput({
      // What is wrong was typed by someone, or pasted.
      outputError: (text, write) => write(printable(text).replace(/^error: /, PREFIX)),
    })
    .showHelpAfterError('(--help shows what there is)')
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false);
}
