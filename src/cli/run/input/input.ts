/** The input of a run: sources of items, and the steps that transform them. */

import { accessSync, constants, fstatSync, statSync } from 'node:fs';
import { STDIN } from '../../descriptors.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { columnsOf } from './columns.ts';
import { type Packing, packed } from './packing.ts';
import type { ItemForm } from './records.ts';
import { shuffled } from './shuffle.ts';
import { combined, isFileSource, linked, type Source } from './sources.ts';
import { type Trim, trimmed } from './trimming.ts';

/** The sources and their format, as data that a journal can hold. */
export interface Input extends ItemForm {
  /** At least one; with several, items are lists with a value of each source. */
  readonly sources: readonly Source[];
  /** Whether each item has the next value of every source, instead of one combination of them. */
  readonly isLinked?: boolean;
  /** A regular expression that separates the columns of a line. */
  readonly columnSeparator?: string;
  /** Whether the first value of each source names its values or columns. */
  readonly hasHeader?: boolean;
  /** The names, once they have been read. */
  readonly names?: readonly string[];
  /** From which sides white space around items or columns is removed. */
  readonly trim?: Trim;
  /** How several items are packed into one. */
  readonly packing?: Packing;
  /** The seed of a random order. */
  readonly shuffle?: number;
}

/** Whether items are lists of input values. */
export function hasLists({ sources, columnSeparator, packing }: Input): boolean {
  const isPacked = packing !== undefined && packing.count !== 0;
  return sources.length > 1 || columnSeparator !== undefined || isPacked;
}

/**
 * @throws CommandFailed if a file cannot be read.
 */
export function checkInput({ sources }: Input): void {
  for (const file of sources.flatMap((source) => (isFileSource(source) ? source.files : []))) {
    if (file === '-') {
      // Node treats a folder as an empty stream.
      if (fstatSync(STDIN).isDirectory()) throw unreadable('stdin is a folder');
      continue;
    }
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      throw unreadable((error as Error).message);
    }
    if (statSync(file).isDirectory()) {
      throw unreadable(`${file} is a folder`);
    }
  }
}

function unreadable(why: string): CommandFailed {
  return new CommandFailed(ExitCode.usage, `cannot read the input: ${why}`);
}

/**
 * Reads all items, in batches of a chunk.
 *
 * @throws InputError, and the errors of opening and reading.
 */
export function readItems(input: Input): AsyncGenerator<readonly unknown[]> {
  const { sources, isLinked = false, packing, shuffle } = input;
  const areLinked = isLinked && sources.length > 1;
  let items = withColumns(areLinked ? linked(sources, input) : combined(sources, input), input);
  if (packing !== undefined && packing.count !== 0) items = packed(items, packing);
  return shuffle === undefined ? items : shuffled(items, shuffle);
}

/** Splits items or values of a source into columns and trims them. */
export function withColumns(
  batches: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
  { columnSeparator, trim }: Input,
): AsyncGenerator<readonly unknown[]> {
  const columns =
    columnSeparator === undefined ? each(batches) : columnsOf(batches, columnSeparator);
  return trim === undefined ? columns : trimmed(columns, trim);
}

async function* each<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* values;
}
