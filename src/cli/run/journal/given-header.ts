/** Builds the header of a run from the command line. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import type { GivenHeader, RunHeader, WorkSource } from '../../journal/run-header.ts';
import type { RunArguments } from '../flags.ts';
import type { Input } from '../input/input.ts';
import { STDIN } from '../input/sources.ts';
import { givenInput, pathInJournal } from './given-input.ts';

/** The parts of the header that are given; others are absent. */
export function givenHeader(given: RunArguments): GivenHeader {
  const { flags } = given;
  const { tty = false, raw = tty, withItem = false, asCompleted, key } = flags;
  const { lineBuffer, keepOrder, tagstring } = flags;
  const tag = tagstring ?? (flags.tag === true || undefined);
  const work = givenWork(given);
  const isOfOutput = tag !== undefined || lineBuffer === true;
  // Output that is held back until its turn cannot be printed live.
  const isLive = lineBuffer === true && keepOrder !== true;
  return {
    ...(work === undefined ? {} : { work }),
    input: givenInput(given, work !== undefined),
    ...(raw || withItem || isOfOutput
      ? {
          results: {
            raw: raw || isOfOutput,
            withItem,
            ...(tag === undefined ? {} : { tag }),
            ...(isLive ? { live: isLive } : {}),
          },
        }
      : {}),
    ...(asCompleted === true || isLive ? { isOrdered: false } : {}),
    ...(key === undefined ? {} : { key }),
  };
}

/** Completes the header with defaults. @throws CommandFailed if there is no work. */
export function completeHeader({
  work,
  input,
  results = { raw: false, withItem: false },
  isOrdered = true,
  key,
}: GivenHeader): RunHeader {
  if (work === undefined) {
    throw new CommandFailed(
      ExitCode.usage,
      'expected a module, or a command with --exec, got neither; --exec {} takes each item as a command',
    );
  }
  const complete: Input = { sources: [STDIN], format: 'lines', ...trimOf(input), ...input };
  return { work, input: complete, results, isOrdered, ...(key === undefined ? {} : { key }) };
}

function givenWork({ paths: [module], flags }: RunArguments): WorkSource | undefined {
  const { exec, shell, export: name = 'default' } = flags;
  if (exec !== undefined) return shell === undefined ? { exec } : { exec, shell };
  if (module === undefined) return undefined;
  return { module: pathInJournal(module, flags), export: name };
}

/** Columns are trimmed by default, as in GNU parallel. */
function trimOf({ columnSeparator }: Partial<Input>): Pick<Input, 'trim'> {
  return columnSeparator === undefined ? {} : { trim: 'lr' };
}
