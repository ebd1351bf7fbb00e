/** What the command line consists of: one file in `commands/` for each subcommand. */

import { readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { newCommand } from './command.ts';
import { completionCommand } from './commands/completion.ts';
import { controlCommand } from './commands/control.ts';
import { journalCommand } from './commands/journal.ts';
import { runCommand } from './commands/run.ts';
import { ExitCode } from './exit.ts';

/** Runs a command line, without the name of the program. What it fails with goes to stderr. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: 'user' });
  } catch (error) {
    // That is how the parser ends after the help or the version: it needs no words.
    if (error instanceof CommanderError && error.exitCode === ExitCode.fine) return;
    const { endingOf } = await import('./ending.ts');
    const { exitCode, text } = endingOf(error);
    process.exitCode = exitCode;
    process.stderr.write(text);
  }
}

export function program(): Command {
  return (
    newCommand('taskpool')
      .description('Pools of asynchronous tasks, from the command line')
      .version(version(), '-V, --version', 'Show the version')
      // What stands behind a subcommand is for it alone.
      .enablePositionalOptions()
      .addHelpText('after', EXIT_CODES)
      .addCommand(completionCommand(program))
      .addCommand(controlCommand())
      .addCommand(journalCommand())
      .addCommand(runCommand())
  );
}

const EXIT_CODES = `
Exit codes:
  0  fine
  1  refused, or failed
  2  the command line makes no sense
  3  no connection`;

/** What package.json says. */
function version(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
