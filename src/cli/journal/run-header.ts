/** What the journal of a run says it is a run of. */

import type { PoolEvent } from '../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { Input } from '../run/input/input.ts';
import { describePacking } from '../run/input/packing.ts';
import type { ResultFormat } from '../run/output/result-format.ts';

/** What is done with each item: a command, or a function that a module exports. */
export type WorkSource = CommandSource | FunctionSource;

export interface CommandSource {
  readonly exec: string;
  readonly shell?: string;
}

interface FunctionSource {
  readonly module: string;
  readonly export: string;
}

/** What a run is, apart from how fast and how patiently it is run. */
export interface RunHeader {
  readonly work: WorkSource;
  readonly input: Input;
  readonly results: ResultFormat;
  /** Whether results are printed in the order of the input, and not as they come. */
  readonly isOrdered: boolean;
  /** What items count as for `--per-key`: a text with placeholders. */
  readonly key?: string;
}

/** What the command line says of a run; what it does not say is not there. */
export interface GivenHeader extends Partial<Omit<RunHeader, 'input'>> {
  readonly input: Partial<Input>;
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

/** How each part of a header is shown; sources are no part of it that must be as they were. */
const SHOWN = {
  work: ({ work }: RunHeader) => nameOf(work),
  format: ({ input: { format, delimiter } }: RunHeader) =>
    delimiter === undefined ? `items as ${format}` : `-d ${JSON.stringify(delimiter)}`,
  links: ({ input: { isLinked = false } }: RunHeader) => (isLinked ? '--link' : 'no --link'),
  names: ({ input: { hasHeader = false } }: RunHeader) => (hasHeader ? '--header' : 'no --header'),
  trim: ({ input: { trim = 'n' } }: RunHeader) => `--trim ${trim}`,
  columns: ({ input: { columnSeparator } }: RunHeader) =>
    columnSeparator === undefined ? 'no --colsep' : `--colsep ${columnSeparator}`,
  packing: ({ input: { packing } }: RunHeader) =>
    packing === undefined ? 'an item for each command' : describePacking(packing),
  shuffle: ({ input }: RunHeader) => (input.shuffle === undefined ? 'no --shuf' : '--shuf'),
  results: ({ results }: RunHeader) => `results as ${JSON.stringify(results)}`,
  isOrdered: ({ isOrdered }: RunHeader) => (isOrdered ? 'results in order' : '--as-completed'),
};

/**
 * What the command line says, completed by what the journal says.
 *
 * @throws CommandFailed where they contradict each other.
 */
export function agreed(given: GivenHeader, earlier: RunHeader): RunHeader {
  const { packing, shuffle } = earlier.input;
  const both = { ...earlier, ...given, input: { ...earlier.input, ...given.input } };
  for (const show of Object.values(SHOWN)) {
    if (show(both) === show(earlier)) continue;
    throw new CommandFailed(
      ExitCode.usage,
      `expected ${show(earlier)}, as in the journal, got ${show(both)}`,
    );
  }
  // How items are spread and shuffled was decided once.
  const input = {
    ...both.input,
    ...(packing === undefined ? {} : { packing }),
    ...(shuffle === undefined ? {} : { shuffle }),
  };
  return { ...both, input };
}
