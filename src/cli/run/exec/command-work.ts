/** Builds the work of a run of commands; in a module of its own, so that runs of functions do not load it. */

import { availableParallelism } from 'node:os';
import { CommandFailed, ExitCode } from '../../exit.ts';
import type { RunHeader } from '../../journal/run-header.ts';
import { templateOf } from '../describe.ts';
import { concurrencyOf, type RunFlags } from '../flags.ts';
import { hasLists } from '../input/input.ts';
import type { Messages } from '../output/messages.ts';
import type { Work } from '../work/work.ts';
import { execWork } from './exec.ts';
import { Processes } from './processes.ts';
import { checkProgram } from './programs.ts';
import { hasTerminal } from './terminal.ts';

/**
 * @throws CommandFailed if the program, or the terminal for `--tty`, does not exist.
 */
export function commandWork(
  source: Exclude<RunHeader['work'], { readonly module: string }>,
  input: RunHeader['input'],
  flags: RunFlags,
  messages: Messages,
): { work: Work; processes: Processes } {
  const template = templateOf(source, input);
  if (template.program !== undefined) checkProgram(template.program);
  const { killAfter, tty = false } = flags;
  if (tty && !hasTerminal()) {
    throw new CommandFailed(ExitCode.usage, 'expected a terminal for --tty, got none');
  }
  const wanted = concurrencyOf(flags) ?? availableParallelism();
  const processes = new Processes(wanted, (message) => messages.say(message));
  const options = { hasLists: hasLists(input), killAfter, processes, tty };
  return { work: execWork(template, options), processes };
}
