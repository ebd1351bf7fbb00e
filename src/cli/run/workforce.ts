/** What does the work of a run: a function, or processes. */

import { stat } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { RunHeader } from '../journal/run-header.ts';
import { clusterWork } from './cluster-work.ts';
import { templateOf } from './describe.ts';
import { execWork } from './exec/exec.ts';
import { Processes } from './exec/processes.ts';
import { checkProgram } from './exec/programs.ts';
import { concurrencyOf, type RunFlags } from './flags.ts';
import { hasLists } from './input/input.ts';
import type { Messages } from './output/messages.ts';
import { redirectConsole } from './output/outlets.ts';
import type { Work } from './work.ts';
import { loadWork } from './worker.ts';

/** The work, and the processes that it runs in if it is a command. */
export interface Workforce {
  readonly work: Work;
  readonly processes: Processes | undefined;
  /** Ends what was opened for it. */
  readonly close?: () => Promise<void>;
}

/** @throws CommandFailed for a function or a program that is not there. */
export async function workOf(
  { work: source, input }: RunHeader,
  flags: RunFlags,
  messages: Messages,
): Promise<Workforce> {
  if ('module' in source) {
    redirectConsole(messages);
    if (flags.cluster !== undefined) {
      const warn = (message: string) => messages.say(message);
      const { work, close } = clusterWork(flags.cluster, source.export, flags, warn);
      return { work, processes: undefined, close };
    }
    return { work: await loadWork(source.module, source.export), processes: undefined };
  }
  // Node makes its threads when it needs them first, and aborts if there can be no more.
  await promisify(stat)('.');
  const template = templateOf(source, input);
  if (template.program !== undefined) checkProgram(template.program);
  const { killAfter, tty = false } = flags;
  const wanted = concurrencyOf(flags) ?? availableParallelism();
  const processes = new Processes(wanted, (message) => messages.say(message));
  const options = { hasLists: hasLists(input), killAfter, processes, tty };
  return { work: execWork(template, options), processes };
}
