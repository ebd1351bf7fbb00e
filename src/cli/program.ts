/** What the command line consists of: one file in `commands/` for each subcommand. */

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { newCommand } from './command.ts';
import { completionCommand } from './commands/completion.ts';
import { controlCommand } from './commands/control.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { inspectCommand } from './commands/inspect.ts';
import { journalCommand } from './commands/journal.ts';
import { runCommand } from './commands/run.ts';
import { workerCommand } from './commands/worker.ts';

/** What the help says of a subcommand, and how it is made. */
interface Subcommand {
  readonly usage: string;
  readonly summary: string;
  readonly make: () => Command;
}

/** In the order of the help. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  completion: {
    usage: '<shell>',
    summary: 'Print a script that completes commands and options',
    make: () => completionCommand(program),
  },
  control: {
    usage: '',
    summary: 'Look at a running pool and change it, through its control server',
    make: controlCommand,
  },
  dashboard: {
    usage: '[options] [journal]',
    summary: 'Show a running pool, or a journal, on a page',
    make: dashboardCommand,
  },
  inspect: {
    usage: '[options]',
    summary: 'Show the actors of any xstate program on a page',
    make: inspectCommand,
  },
  journal: {
    usage: '[options] <file>',
    summary: 'Look into a journal',
    make: journalCommand,
  },
  run: {
    usage: '[options] [module] [input...]',
    summary: 'Call a function, or run a command, for each item of a list',
    make: runCommand,
  },
  worker: {
    usage: '[options] <module>',
    summary: 'Run the functions of a module for pools on other machines',
    make: workerCommand,
  },
};

/** Words on which nothing of a subcommand is asked for but what the help says of it. */
const OVERVIEWS: readonly string[] = ['-h', '--help', '-V', '--version'];

/** @param word the first word after `taskpool`: of subcommands only the one is made that it names. */
export function program(word = ''): Command {
  const isKnown = Object.hasOwn(SUBCOMMANDS, word);
  const root = newCommand('taskpool')
    .description('Pools of asynchronous tasks, from the command line')
    .configureHelp({ subcommandTerm: termOf })
    .addHelpText('after', EXIT_CODES);
  // It is read from a file, and a subcommand has no use for it.
  if (!isKnown) root.version(version(), '-V, --version', 'Show the version');
  const isOverview = OVERVIEWS.includes(word);
  const names = isKnown ? [word] : Object.keys(SUBCOMMANDS);
  for (const name of names) {
    const { summary, make } = SUBCOMMANDS[name] as Subcommand;
    const command = isOverview ? new Command(name) : make();
    root.addCommand(command.summary(summary));
  }
  return root;
}

/** Each subcommand in the list of them, whether it was made or not. */
function termOf(command: Command): string {
  const name = command.name();
  const { usage = '' } = SUBCOMMANDS[name] ?? {};
  return usage === '' ? name : `${name} ${usage}`;
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
