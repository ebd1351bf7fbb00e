/** What the journal of a run says it is a run of. */

import type { PoolEvent } from '../../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { ItemFormat } from '../run/input/input.ts';
import type { ResultFormat } from '../run/output/result-format.ts';

/** What is done with each item: a command, or a function that a module exports. */
export type WorkSource =
  | { readonly exec: string; readonly shell?: string }
  | { readonly module: string; readonly export: string };

/** What a run is, apart from how fast and how patiently it is run. */
export interface RunHeader {
  readonly work: WorkSource;
  /** The paths of the input; `-` is stdin. */
  readonly files: readonly string[];
  readonly items: ItemFormat;
  readonly results: ResultFormat;
  /** Whether results are printed in the order of the input, and not as they come. */
  readonly isOrdered: boolean;
}

/** The group whose arguments are the header; it has no tasks. */
export const HEADER_GROUP = 'run';

/** What a run does, in short: the name by which its journal knows the function. */
export function nameOf(work: WorkSource): string {
  return 'exec' in work ? work.exec : `${work.module}#${work.export}`;
}

/** The header in an event, if it is there. */
export function headerIn(event: PoolEvent): RunHeader | undefined {
  if (event.type !== 'group.created' || event.group !== HEADER_GROUP) return undefined;
  return event.args?.[0] as RunHeader | undefined;
}

/** How each part of a header is shown; files are no part of it that must be as they were. */
const SHOWN = {
  work: ({ work }: RunHeader) => nameOf(work),
  items: ({ items }: RunHeader) => `items as ${items}`,
  results: ({ results }: RunHeader) => `results as ${JSON.stringify(results)}`,
  isOrdered: ({ isOrdered }: RunHeader) => (isOrdered ? 'results in order' : '--as-completed'),
};

/**
 * What the command line says, completed by what the journal says.
 *
 * @throws CommandFailed where they contradict each other.
 */
export function agreed(given: Partial<RunHeader>, earlier: RunHeader): RunHeader {
  const both = { ...earlier, ...given };
  for (const show of Object.values(SHOWN)) {
    if (show(both) === show(earlier)) continue;
    throw new CommandFailed(
      ExitCode.usage,
      `expected ${show(earlier)}, as in the journal, got ${show(both)}`,
    );
  }
  return both;
}
