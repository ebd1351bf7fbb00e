/** What the command line consists of: one file in `commands/` for each subcommand. */

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { newCommand } from './command.ts';
import { completionCommand } from './commands/completion.ts';
import { controlCommand } from './commands/control.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { inspectCommand } from './commands/inspect.ts';
import { journalCommand } from './commands/journal.ts';
import { runCommand } from './commands/run.ts';
import { workerCommand } from './commands/worker.ts';

/** In the order of the help. */
const SUBCOMMANDS: Readonly<Record<string, () => Command>> = {
  completion: () => completionCommand(program),
  control: controlCommand,
  dashboard: dashboardCommand,
  inspect: inspectCommand,
  journal: journalCommand,
  run: runCommand,
  worker: workerCommand,
};

/** @param word the first word after `taskpool`: if it is a subcommand, no other one is made. */
export function program(word = ''): Command {
  const root = newCommand('taskpool')
    .description('Pools of asynchronous tasks, from the command line')
    .version(version(), '-V, --version', 'Show the version')
    // Options that follow a subcommand belong to it alone.
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES);
  const names = Object.hasOwn(SUBCOMMANDS, word) ? [word] : Object.keys(SUBCOMMANDS);
  for (const name of names) root.addCommand((SUBCOMMANDS[name] as () => Command)());
  return root;
}

const EXIT_CODES = `
Exit codes:
  0  success
  1  failure
  2  invalid command line
  3  cannot connect`;

/** What package.json says. */
function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
