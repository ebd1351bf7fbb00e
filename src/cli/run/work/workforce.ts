/** Builds the work of a run from its header: a function, a command, or a cluster. */

import type { RunHeader } from '../../journal/run-header.ts';
import type { Processes } from '../exec/processes.ts';
import type { RunFlags } from '../flags.ts';
import type { Messages } from '../output/messages.ts';
import { redirectConsole } from '../output/redirected-console.ts';
import { loadWork } from './load-work.ts';
import type { Work } from './work.ts';

/** The work, and the processes in which it runs if it is a command. */
export interface Workforce {
  readonly work: Work;
  readonly processes: Processes | undefined;
  /** Closes what was opened for the work. */
  readonly close?: () => Promise<void>;
}

/**
 * @throws CommandFailed if the function or program does not exist.
 */
export async function workOf(
  { work: source, input }: RunHeader,
  flags: RunFlags,
  messages: Messages,
): Promise<Workforce> {
  if ('module' in source) {
    redirectConsole(messages);
    if (flags.cluster !== undefined) {
      const { clusterWork } = await import('./cluster-work.ts');
      const warn = (message: string) => messages.say(message);
      const { work, close } = clusterWork(
        flags.cluster,
        source.export,
        { ...flags, names: input.names },
        warn,
      );
      return { work, processes: undefined, close };
    }
    return {
      work: await loadWork(source.module, source.export, input.names),
      processes: undefined,
    };
  }
  const { commandWork } = await import('../exec/command-work.ts');
  return commandWork(source, input, flags, messages);
}
