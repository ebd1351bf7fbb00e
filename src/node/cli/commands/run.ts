/** `taskpool run`: what it is given. */

import { type Command, Option } from 'commander';
import { newCommand } from '../command.ts';
import { endWith } from '../exit.ts';
import { parseControlAddress } from '../run/arguments/control-address.ts';
import { parseCount } from '../run/arguments/counts.ts';
import { parseDuration } from '../run/arguments/durations.ts';
import type { RunFlags } from '../run/flags.ts';
import { parseHalt } from '../run/halt.ts';

export function runCommand(): Command {
  return newCommand('run')
    .summary('Call a function, or run a command, for each item of a list')
    .description(
      'Calls the function that a module exports, or runs a command, for each item of a list, ' +
        'several at once. Results go to stdout, a line of JSON each; all else goes to stderr.',
    )
    .usage(
      '[options] <module> [input...]\n       taskpool run [options] --exec <command> [input...]',
    )
    .argument('[module]', 'the module that exports the function; none with --exec')
    .argument('[input...]', 'files with an item in each line; - is stdin, which is the default')
    .addOption(option('-e, --exec <command>', 'run a command for each item').conflicts('export'))
    .option('--export <name>', 'the function to call (default: the default export)')
    .option('--shell <path>', 'run commands through this shell (default: /bin/sh, if at all)')
    .addOption(option('--jsonl', 'each line is an item in JSON').conflicts('null'))
    .option('-0, --null', 'items end with a NUL byte, not with a line')
    .option(
      '-n, --concurrency <count>',
      'items at work at once (default: the number of cores)',
      parseCount(1),
    )
    .option('--as-completed', 'print results as they come, not in the order of the input')
    .addOption(option('-r, --raw', 'print texts, and what commands print, as they are'))
    .addOption(option('--with-item', 'print {"item":…,"result":…}').conflicts('raw'))
    .option('--retries <count>', 'try again so often', parseCount(0), 0)
    .addOption(duration('--retry-delay', 'before the first retry; then doubled', 1000, '1s'))
    .addOption(duration('--timeout', 'abort an attempt that takes longer'))
    .addOption(duration('--kill-after', 'from SIGTERM to SIGKILL, for commands', 5000, '5s'))
    .addOption(
      option('--tty', 'give commands the terminal, one at a time by default').conflicts([
        'export',
        'withItem',
      ]),
    )
    .option(
      '--halt <rule>',
      'stop early: now or soon, then fail, success or done: soon,fail=3',
      parseHalt,
    )
    .option('--journal <file>', 'write a journal, from which the run can be resumed')
    .addOption(option('--resume <file>', 'go on with the run of a journal').conflicts('journal'))
    .option(
      '--control <address>',
      'let taskpool control in: unix:PATH or tcp:HOST:PORT',
      parseControlAddress,
    )
    .option('-q, --quiet', 'show no progress and no summary')
    .addHelpText('after', PLACEHOLDERS)
    .action(async (module: string | undefined, inputs: string[], flags: RunFlags) => {
      const paths = module === undefined ? inputs : [module, ...inputs];
      // Loaded when it is needed: other commands need not wait for it.
      const { startRun } = await import('../run/start.ts');
      // What the function has left open, a connection for instance, does not keep us here.
      endWith(await startRun(paths, flags));
    });
}

const PLACEHOLDERS = `
In the command of --exec, as with GNU parallel:
  {}    the item; it is the last argument where no placeholder stands
  {.}   without its extension
  {/}   its last part, the name of a file
  {//}  its folder
  {/.}  its last part without the extension
  {#}   its place in the input, from 1
An item is one word, whatever it holds: a placeholder needs no quotes.

The exit code is 0 if every item succeeded, 1 if not, 130 after Ctrl-C.`;

function option(flags: string, description: string): Option {
  return new Option(flags, description);
}

/** @param ms the default, in milliseconds. */
function duration(flag: string, description: string, ms?: number, shown?: string): Option {
  return option(`${flag} <duration>`, description).argParser(parseDuration).default(ms, shown);
}
