/** Invalid combinations of options, beyond those that simply exclude each other. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { parseKey } from '../exec/key-template.ts';
import type { RunArguments } from '../flags.ts';
import { checkTag } from '../output/tags.ts';

/** A condition under which a command line is invalid, and the message for it. */
const REFUSED: readonly (readonly [
  isRefused: (given: RunArguments) => boolean | undefined,
  message: string,
])[] = [
  [({ flags }) => flags.exec?.trim() === '', 'expected a command after --exec, got an empty one'],
  [
    ({ flags }) => flags.shell !== undefined && isFunction(flags),
    '--shell is for commands: expected --exec with it',
  ],
  [({ flags }) => flags.X && isFunction(flags), '-X is for commands: expected --exec with it'],
  [
    ({ flags }) => (flags.m ?? flags.xargs) && isFunction(flags),
    '-m and --xargs are for commands: expected --exec with them',
  ],
  [
    ({ flags }) => flags.maxReplaceArgs === 0 && isFunction(flags),
    '-N 0 is for commands, which get nothing of their items: expected --exec with it',
  ],
  [
    ({ flags }) => flags.lineBuffer && isFunction(flags),
    '--line-buffer is for commands: expected --exec with it',
  ],
  [
    (given) => isPacked(given.flags) && numSources(given) > 1,
    'expected one source of items with -N and -X, got several',
  ],
  [
    ({ flags }) => (isPacked(flags) || flags.maxReplaceArgs === 0) && flags.exec?.trim() === '{}',
    'expected a command with placeholders for -N and -X, got {}, where each item is a command',
  ],
  [
    ({ flags: { resume } }) => resume?.startsWith('-'),
    'expected a journal with --resume, by which a run is resumed here, got an option',
  ],
  [
    ({ flags: { resumeFailed, journal, resume } }) =>
      resumeFailed && (journal ?? resume) === undefined,
    'expected a journal with --resume-failed: --journal or --resume, got none',
  ],
  [
    ({ flags: { perKey, key, journal, resume } }) =>
      perKey !== undefined && (key ?? journal ?? resume) === undefined,
    'expected --key with --per-key, such as {//}, got none',
  ],
  [
    ({ flags: { redis, prefix, cluster } }) =>
      (redis ?? prefix) !== undefined && cluster === undefined,
    'expected --cluster with --redis and --prefix, got none',
  ],
  [readsStdinTwice, 'expected stdin (-) once among the sources, got it more often'],
];

/** @throws CommandFailed */
export function checkCombination(given: RunArguments): void {
  for (const [isRefused, message] of REFUSED) {
    if (isRefused(given) === true) throw new CommandFailed(ExitCode.usage, message);
  }
  const { key, header, tagstring } = given.flags;
  // Names are known only when the input is read.
  if (key !== undefined && header === undefined) parseKey(key, false);
  if (tagstring !== undefined) checkTag(tagstring);
}

/** A resumed run may be either. */
function isFunction({ exec, journal, resume }: RunArguments['flags']): boolean {
  return exec === undefined && journal === undefined && resume === undefined;
}

/** Whether a command or function gets several items per call. */
function isPacked({ maxReplaceArgs, X, m, xargs }: RunArguments['flags']): boolean {
  return (maxReplaceArgs ?? 0) > 0 || (X ?? m ?? xargs) === true;
}

function filesOf({ paths, flags }: RunArguments): readonly string[] {
  return flags.exec === undefined ? paths.slice(1) : paths;
}

function numSources(given: RunArguments): number {
  const { argFile = [] } = given.flags;
  return given.sources.length + argFile.length + (filesOf(given).length > 0 ? 1 : 0);
}

function readsStdinTwice(given: RunArguments): boolean {
  const named = given.sources.flatMap((source) => ('files' in source ? source.files : []));
  const { argFile = [] } = given.flags;
  return [...filesOf(given), ...argFile, ...named].filter((file) => file === '-').length > 1;
}
