/** `taskpool run`: declares its arguments and options. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { withHabits } from '../command.ts';
import { parseControlAddress } from '../control-address.ts';
import { endWith } from '../exit.ts';
import { checkCombination } from '../run/arguments/combinations.ts';
import { parseCount } from '../run/arguments/counts.ts';
import { parseDelimiter, unescaped } from '../run/arguments/delimiters.ts';
import { parseDelay, parseDuration, parseTimeout } from '../run/arguments/durations.ts';
import { parseJobs } from '../run/arguments/jobs.ts';
import { parseLoad } from '../run/arguments/loads.ts';
import { insteadOf } from '../run/arguments/parallel-options.ts';
import { parsePattern } from '../run/arguments/patterns.ts';
import { parseRate } from '../run/arguments/rates.ts';
import { parseSize } from '../run/arguments/sizes.ts';
import { splitSources } from '../run/arguments/sources.ts';
import { parseTrim } from '../run/arguments/trims.ts';
import type { RunFlags } from '../run/flags.ts';
import type { Source } from '../run/input/sources.ts';
import { parseHalt } from '../run/stopping/halt.ts';
import { visible } from '../visible.ts';
import { parsePort } from './targets.ts';

/** Splits off the sources after `:::` before the parser reads options. */
class RunCommand extends Command {
  sources: readonly Source[] = [];

  override parseOptions(words: string[]): ReturnType<Command['parseOptions']> {
    const { before, sources } = splitSources(words);
    this.sources = sources;
    const parsed = super.parseOptions([...before]);
    const advice = insteadOf(parsed.unknown[0]);
    if (advice !== undefined) this.error(`error: ${advice}`);
    return parsed;
  }
}

export function runCommand(): Command {
  const command = withHabits(new RunCommand('run'));
  return command
    .description(
      'Calls the exported function of a module, or runs a command, for each item of a list, ' +
        'several at a time. Results go to stdout, one line of JSON each; all else goes to stderr.',
    )
    .usage(
      '[options] <module> [input...] [::: value...]\n' +
        '       taskpool run [options] --exec <command> [input...] [::: value...]',
    )
    .argument('[module]', 'the module that exports the function; none with --exec')
    .argument('[input...]', 'files with an item in each line; - is stdin, which is the default')
    .addOption(option('-e, --exec <command>', 'run a command for each item').conflicts('export'))
    .option('--export <name>', 'the function to call (default: the default export)')
    .option('--shell <path>', 'run commands through this shell (default: /bin/sh, if at all)')
    .addOption(option('--jsonl', 'each line is an item in JSON').conflicts('null'))
    .option('-0, --null', 'items end with a NUL byte, not with a line')
    .addOption(
      option('-d, --delimiter <text>', 'items end with this, such as , or \\t, not with a line')
        .argParser(parseDelimiter)
        .conflicts(['null', 'jsonl']),
    )
    .option('-a, --arg-file <file>', 'a source of items, such as :::: FILE', listOf)
    .option('--link', 'the next value of each source, not all combinations')
    .addOption(
      option('-C, --colsep <regexp>', 'split lines into columns: {1}, {2}')
        .argParser(parsePattern)
        .conflicts(['jsonl', 'maxReplaceArgs', 'X', 'm', 'xargs']),
    )
    .addOption(
      option('--header <rule>', ': names {name} are in the first line, or value, of each source')
        .argParser(parseHeader)
        .conflicts(['jsonl', 'maxReplaceArgs', 'X', 'm', 'xargs']),
    )
    .option(
      '--trim <sides>',
      'remove white space: l, r, lr or n (default: n; lr for columns)',
      parseTrim,
    )
    .option('-N, --max-replace-args <count>', 'number of items per command', parseCount(0))
    .option('-X', 'as many items per command as fit; repeats the word around {}')
    .addOption(option('-m', 'the same, all of them in the place of {}').conflicts('X'))
    .addOption(
      option('--xargs', 'the same, none left for other slots').conflicts(['X', 'm']).hideHelp(),
    )
    .option('--shuf', 'take items in a random order')
    .option(
      '-n, --concurrency <count>',
      'items run at a time (default: the number of cores); the -n of xargs and parallel is -N',
      parseCount(1),
    )
    .addOption(
      option('-j, --jobs <count>', 'the same; 8, 50%, +2 (of the cores), or 0 for no limit')
        .argParser(parseJobs)
        .conflicts('concurrency'),
    )
    .addOption(hinted('-P, --max-procs <count>', 'the number that run at a time is -j here'))
    .addOption(
      option(
        '-k, --keep-order',
        'print results in the order of the input, which is the default',
      ).conflicts('asCompleted'),
    )
    .option('--as-completed', 'print results as they come')
    .addOption(option('-r, --raw', 'print texts, and what commands print, as they are'))
    .addOption(
      option('--line-buffer', 'print lines of commands as they come; implies --raw').conflicts(
        'withItem',
      ),
    )
    .addOption(
      option('--tag', 'begin each line with its item and a tab; implies --raw').conflicts(
        'withItem',
      ),
    )
    .addOption(
      option('--tagstring <text>', 'begin each line with this, such as {1} or {/.}, and a tab')
        .argParser(unescaped)
        .conflicts(['tag', 'withItem']),
    )
    .addOption(option('--with-item', 'print {"item":…,"result":…}').conflicts('raw'))
    .option(
      '--retries <count>',
      'retry a failed item up to this many times (default: 0)',
      parseCount(0),
    )
    .option(
      '--retry-delay <duration>',
      'delay before the first retry, then doubled (default: 1s)',
      parseDelay,
    )
    .option(
      '--timeout <duration>',
      'abort an attempt that takes longer; 200%: longer than twice the median of those that succeeded',
      parseTimeout,
    )
    .option(
      '--deadline <duration>',
      'end an item that is not done this long after it was read, retries included',
      parseDuration,
    )
    .addOption(
      option('--kill-after <duration>', 'from SIGTERM to SIGKILL, for commands')
        .argParser(parseDelay)
        .default(5000, '5s'),
    )
    .option('--rate <count/time>', 'start no more items than this: 10/s, 600/m, 100/15s', parseRate)
    .option('--delay <duration>', 'delay between the starts of two items', parseDelay)
    .option('--key <template>', 'the key of an item for --per-key, such as {//} or {1}')
    .option(
      '--per-key <count>',
      'items with the same key run at a time (default: 1)',
      parseCount(1),
    )
    .option(
      '--load <max>',
      'start nothing while the load is higher: 4, 80% (of the cores)',
      parseLoad,
    )
    .option('--memfree <size>', 'start nothing while less memory is free: 500M, 2G', parseSize)
    .addOption(
      option('--tty', 'give commands the terminal; one at a time by default').conflicts([
        'export',
        'withItem',
      ]),
    )
    .option(
      '--halt <rule>',
      'stop early: now or soon, then fail, success or done: soon,fail=3',
      parseHalt,
    )
    .addOption(option('--dry-run', 'print what would be done').conflicts(['joblog', 'control']))
    .option('--joblog <file>', "log items that have ended, in GNU parallel's format; +FILE appends")
    .option('--journal <file>', 'write a journal, or resume the run that is in it')
    .addOption(
      option('--resume <file>', 'resume the run of a journal that exists').conflicts('journal'),
    )
    .option('--resume-failed', 'with a journal: run again what failed, then what is left')
    .option(
      '--control <address>',
      'listen for taskpool control: unix:PATH or tcp:HOST:PORT',
      parseControlAddress,
    )
    .addOption(
      option('--dashboard', 'serve a page that shows the run; the link is on stderr').conflicts([
        'dryRun',
        'tty',
      ]),
    )
    .addOption(
      option('--port <port>', 'where, if not on a free port; implies --dashboard').argParser(
        parsePort,
      ),
    )
    .option('--open', 'open the page in the browser; implies --dashboard')
    .addOption(
      option(
        '--cluster <name>',
        'call the function in the workers of this cluster, see taskpool worker',
      ).conflicts(['exec', 'tty']),
    )
    .option(
      '--redis <url>',
      'where Redis is, for --cluster (default: TASKPOOL_REDIS, or localhost)',
    )
    .option('--prefix <text>', 'the prefix of keys in Redis, for --cluster (default: taskpool)')
    .option('-q, --quiet', 'show no progress and no summary')
    .addHelpText('after', AFTER)
    .action(async (module: string | undefined, inputs: string[], flags: RunFlags) => {
      const paths = module === undefined ? inputs : [module, ...inputs];
      const given = { paths, sources: command.sources, flags };
      checkCombination(given);
      // Loaded on demand, so that other commands start faster.
      const { startRun } = await import('../run/start.ts');
      // Exits explicitly: handles that the function left open, a connection for instance, must not keep the process
      // alive.
      endWith(await startRun(given));
    });
}

const AFTER = `
In the command of --exec, as with GNU parallel:
  {}    the item; it is the last argument where no placeholder stands
  {.}   without its extension
  {/}   its last part, the name of a file
  {//}  its folder
  {/.}  its last part without the extension
  {2}   of several sources or columns, the second; {2.} and {-1} likewise
  {name}  with --header, the value of that name; {name.} likewise
  {#}   its position in the input, from 1
  {%}   the number of its slot, from 1 to --concurrency
An item is always one word of the shell: a placeholder needs no quotes. If the
command is {} alone, each item is a command. The environment of a command has
{#} in PARALLEL_SEQ, {%} in PARALLEL_JOBSLOT, the attempt in TASKPOOL_ATTEMPT.

After the options, as with GNU parallel:
  ::: a b      items on the command line; of several sources all combinations
  :::+ x y     each with one of the source before
  :::: f g     the same out of files, each a source
  ::::+ f

Examples:
  taskpool run ./fetch.mjs urls.txt -j 8 > results.jsonl
  taskpool run -e 'convert {} {.}.webp' ::: *.png
  find . -name '*.log' -print0 | taskpool run -0 -e gzip -X
  taskpool run -e 'ping -c1 {}' --line-buffer --tag < hosts
  taskpool run -e './train {1} {2}' ::: sgd adam ::: 0.1 0.01
  taskpool run -e 'scp {} host:' --key {//} --rate 10/s ::: */*.dat
  taskpool run -e {} --journal jobs.db < commands.txt
  taskpool run ./work.mjs urls.txt --cluster crawl --redis redis://10.0.0.1

The exit code is 0 if every item succeeded, 1 if not, 130 after Ctrl-C.`;

/** @throws InvalidArgumentError */
function parseHeader(text: string): true {
  if (text === ':') return true;
  throw new InvalidArgumentError(`expected :, for names in the first line, got ${visible(text)}`);
}

/** Collects the values of an option that may be given several times. */
function listOf(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function option(flags: string, description: string): Option {
  return new Option(flags, description);
}

/** An option of GNU parallel that has another name here: it fails with a hint. */
function hinted(flags: string, hint: string): Option {
  return option(flags, hint)
    .hideHelp()
    .argParser((text) => {
      throw new InvalidArgumentError(`${hint}: -j ${visible(text)}`);
    });
}
