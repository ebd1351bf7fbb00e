/** `taskpool run`: what it is given. */

import { type Command, Option } from 'commander';
import { newCommand } from '../command.ts';
import { parseControlAddress } from '../run/arguments/control-address.ts';
import { parseCount } from '../run/arguments/counts.ts';
import { parseDuration } from '../run/arguments/durations.ts';
import type { RunFlags } from '../run/flags.ts';
import { parseHalt } from '../run/halt.ts';
import { startRun } from '../run/start.ts';

export function runCommand(): Command {
  const option = (flags: string, description: string) => new Option(flags, description);
  return newCommand('run')
    .summary('Call a function, or run a command, for each item of a list')
    .description(
      'Calls the function that a module exports, or runs a command, for each item of a list,\n' +
        'several at once. Results go to stdout, a line of JSON each; all else goes to stderr.',
    )
    .usage(
      '[options] <module> [input...]\n       taskpool run [options] --exec <command> [input...]',
    )
    .argument('[module]', 'the module that exports the function; none with --exec')
    .argument('[input...]', 'files with an item in each line; - is stdin, which is the default')
    .addOption(option('-e, --exec <command>', 'run a command for each item').conflicts('export'))
    .addOption(option('--export <name>', 'the function to call (default: the default export)'))
    .addOption(
      option('--shell <path>', 'run commands through this shell (default: /bin/sh, if at all)'),
    )
    .addOption(option('--jsonl', 'each line is an item in JSON').conflicts('null'))
    .addOption(option('-0, --null', 'items end with a NUL byte, not with a line'))
    .addOption(
      option(
        '-n, --concurrency <count>',
        'items at work at once (default: the number of cores)',
      ).argParser(parseCount(1)),
    )
    .addOption(
      option('--as-completed', 'print results as they come, not in the order of the input'),
    )
    .addOption(
      option('-r, --raw', 'print texts, and what commands print, as they are').conflicts(
        'withItem',
      ),
    )
    .addOption(option('--with-item', 'print {"item":…,"result":…}'))
    .addOption(
      option('--retries <count>', 'try again so often').argParser(parseCount(0)).default(0),
    )
    .addOption(
      option('--retry-delay <duration>', 'before the first retry; doubled for each one after it')
        .argParser(parseDuration)
        .default(1000, '1s'),
    )
    .addOption(
      option('--timeout <duration>', 'abort an attempt that takes longer').argParser(parseDuration),
    )
    .addOption(
      option('--kill-after <duration>', 'from SIGTERM to SIGKILL for commands that are to end')
        .argParser(parseDuration)
        .default(5000, '5s'),
    )
    .addOption(
      option(
        '--halt <rule>',
        'stop early: now or soon, then fail, success or done: soon,fail=3',
      ).argParser(parseHalt),
    )
    .addOption(
      option('--journal <file>', 'write a journal, from which the run can be resumed').conflicts(
        'resume',
      ),
    )
    .addOption(option('--resume <file>', 'go on with the run of a journal'))
    .addOption(
      option(
        '--control <address>',
        'let taskpool control in: unix:PATH or tcp:HOST:PORT',
      ).argParser(parseControlAddress),
    )
    .addOption(option('-q, --quiet', 'show no progress and no summary'))
    .addHelpText('after', PLACEHOLDERS)
    .action(async (module: string | undefined, inputs: string[], flags: RunFlags) => {
      const paths = module === undefined ? inputs : [module, ...inputs];
      // What the function has left open, a connection for instance, does not keep us here.
      process.exit(await startRun(paths, flags));
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
Do not quote them: an item is one word, whatever it holds.

The exit code is 0 if every item succeeded, 1 if not, 130 after Ctrl-C.`;
