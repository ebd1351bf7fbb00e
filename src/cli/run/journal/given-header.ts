/** What the command line says of a run, in the form in which its journal has it. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import type { GivenHeader, RunHeader, WorkSource } from '../../journal/run-header.ts';
import type { RunArguments } from '../flags.ts';
import type { Input } from '../input/input.ts';
import { STDIN } from '../input/sources.ts';
import { givenInput, pathInJournal } from './given-input.ts';

/** What is said of the run itself; what is not said is not there. */
export function givenHeader(given: RunArguments): GivenHeader {
  const { flags } = given;
  const { tty = false, raw = tty, withItem = false, asCompleted, key } = flags;
  const { lineBuffer, keepOrder, tagstring } = flags;
  const tag = tagstring ?? (flags.tag === true || undefined);
  const work = givenWork(given);
  const isOfOutput = tag !== undefined || lineBuffer === true;
  // What is held until its turn is not printed as it comes.
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

/** The same, with what is so unless it is said. @throws CommandFailed if there is no work. */
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

/** Columns are trimmed unless it is said otherwise, as GNU parallel does it. */
function trimOf({ columnSeparator }: Partial<Input>): Pick<Input, 'trim'> {
  return columnSeparator === undefined ? {} : { trim: 'lr' };
}
