/** The header of a run's journal: what the run is, so that it can be resumed. */

import type { PoolEvent } from '../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { Input } from '../run/input/input.ts';
import { describePacking } from '../run/input/packing.ts';
import type { ResultFormat } from '../run/output/result-format.ts';

/** The work for each item: a command, or an exported function of a module. */
export type WorkSource = CommandSource | FunctionSource;

export interface CommandSource {
  readonly exec: string;
  readonly shell?: string;
}

interface FunctionSource {
  readonly module: string;
  readonly export: string;
}

/** The identity of a run: everything except speed, limits and retries. */
export interface RunHeader {
  readonly work: WorkSource;
  readonly input: Input;
  readonly results: ResultFormat;
  /** Whether results are printed in the order of the input instead of as they come. */
  readonly isOrdered: boolean;
  /** The template of the key for `--per-key`, with placeholders. */
  readonly key?: string;
}

/** The part of the header given on the command line; options that were not given are absent. */
export interface GivenHeader extends Partial<Omit<RunHeader, 'input'>> {
  readonly input: Partial<Input>;
}

/** The group whose arguments hold the header; it has no tasks. */
export const HEADER_GROUP = 'run';

/** A short name of the work: the function name in the journal. */
export function nameOf(work: WorkSource): string {
  return 'exec' in work ? work.exec : `${work.module}#${work.export}`;
}

/** Returns the header if the event holds it. */
export function headerIn(event: PoolEvent): RunHeader | undefined {
  if (event.type !== 'group.created' || event.group !== HEADER_GROUP) return undefined;
  return event.args?.[0] as RunHeader | undefined;
}

/**
 * How each part of a header is shown. Parts that are not listed may differ from the journal; sources are one of them.
 */
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
 * Merges the header from the command line with the one from the journal.
 *
 * @throws CommandFailed if they contradict each other.
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
  // Packing and shuffling were decided when the run began.
  const input = {
    ...both.input,
    ...(packing === undefined ? {} : { packing }),
    ...(shuffle === undefined ? {} : { shuffle }),
  };
  return { ...both, input };
}
