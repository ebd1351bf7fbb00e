/** What a run is fed with: where items come from, and what is made of them. */

import { accessSync, constants, fstatSync, statSync } from 'node:fs';
import { STDIN } from '../../descriptors.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { columnsOf } from './columns.ts';
import { type Packing, packed } from './packing.ts';
import type { ItemForm } from './records.ts';
import { shuffled } from './shuffle.ts';
import { combined, isFileSource, linked, type Source } from './sources.ts';
import { type Trim, trimmed } from './trimming.ts';

/** What is read, and how. It is data that a journal can hold. */
export interface Input extends ItemForm {
  /** At least one; several give items that are lists, with a value of each. */
  readonly sources: readonly Source[];
  /** Whether each item has the next value of every source, and not a combination of them. */
  readonly isLinked?: boolean;
  /** A regular expression: what it matches separates the columns of a line. */
  readonly columnSeparator?: string;
  /** Whether the first value of each source names what follows in it, or its columns. */
  readonly hasHeader?: boolean;
  /** The names, once they have been read. */
  readonly names?: readonly string[];
  /** Where white space around items, or columns, is taken away. */
  readonly trim?: Trim;
  /** Many items as one. */
  readonly packing?: Packing;
  /** The seed of a random order. */
  readonly shuffle?: number;
}

/** Whether items are lists of what stands in the input. */
export function hasLists({ sources, columnSeparator, packing }: Input): boolean {
  const isPacked = packing !== undefined && packing.count !== 0;
  return sources.length > 1 || columnSeparator !== undefined || isPacked;
}

/** @throws CommandFailed for a file that cannot be read. */
export function checkInput({ sources }: Input): void {
  for (const file of sources.flatMap((source) => (isFileSource(source) ? source.files : []))) {
    if (file === '-') {
      // Node takes it for a stream without anything in it.
      if (fstatSync(STDIN).isDirectory()) throw unreadable('stdin, a folder');
      continue;
    }
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      throw unreadable((error as Error).message);
    }
    if (statSync(file).isDirectory()) {
      throw unreadable(`${file}, a folder`);
    }
  }
}

function unreadable(given: string): CommandFailed {
  return new CommandFailed(ExitCode.usage, `expected input that can be read, got ${given}`);
}

/**
 * All items, as many at a time as came with a chunk.
 *
 * @throws InputError, and what opening and reading throws.
 */
export function readItems(input: Input): AsyncGenerator<readonly unknown[]> {
  const { sources, isLinked = false, packing, shuffle } = input;
  const areLinked = isLinked && sources.length > 1;
  let items = withColumns(areLinked ? linked(sources, input) : combined(sources, input), input);
  if (packing !== undefined && packing.count !== 0) items = packed(items, packing);
  return shuffle === undefined ? items : shuffled(items, shuffle);
}

/** Items, or values of a source, split into columns and trimmed. */
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
