/** What the command line consists of: one file in `commands/` for each subcommand. */

import { Command } from 'commander';

export function program(): Command {
  return new Command('taskpool')
    .description('Pools of asynchronous tasks, from the command line')
    .configureHelp({ sortSubcommands: true })
    .showHelpAfterError('(--help shows what there is)');
}
