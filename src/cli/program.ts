/** The root command: its subcommands are in `commands/`, one file each. */

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

/** The help of a subcommand, and its factory. */
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

/** Arguments for which only the overview of subcommands is needed. */
const OVERVIEWS: readonly string[] = ['-h', '--help', '-V', '--version'];

/**
 * @param word the first argument: if it names a subcommand, only that one is created.
 */
export function program(word = ''): Command {
  const isKnown = Object.hasOwn(SUBCOMMANDS, word);
  const root = newCommand('taskpool')
    .description('Pools of asynchronous tasks, from the command line')
    .configureHelp({ subcommandTerm: termOf })
    .addHelpText('after', EXIT_CODES);
  // The version is read from a file, and subcommands do not need it.
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

/** The entry of a subcommand in the help, whether it was created or not. */
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

/** The version in package.json. */
function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
