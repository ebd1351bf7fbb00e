/** What a run is fed with: where items come from, and what is made of them. */

import { accessSync, constants, statSync } from 'node:fs';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { columnsOf } from './columns.ts';
import { type Packing, packed } from './packing.ts';
import type { ItemFormat } from './records.ts';
import { shuffled } from './shuffle.ts';
import { combined, isFileSource, type Source } from './sources.ts';

/** What is read, and how. It is data that a journal can hold. */
export interface Input {
  /** At least one; several give items that are lists, with a value of each. */
  readonly sources: readonly Source[];
  readonly format: ItemFormat;
  /** A regular expression: what it matches separates the columns of a line. */
  readonly columnSeparator?: string;
  /** Many items as one. */
  readonly packing?: Packing;
  /** The seed of a random order. */
  readonly shuffle?: number;
}

/** Whether items are lists of what stands in the input. */
export function hasLists({ sources, columnSeparator, packing }: Input): boolean {
  return sources.length > 1 || columnSeparator !== undefined || packing !== undefined;
}

/** @throws CommandFailed for a file that cannot be read. */
export function checkInput({ sources }: Input): void {
  for (const file of sources.flatMap((source) => (isFileSource(source) ? source.files : []))) {
    if (file === '-') continue;
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
  const { sources, format, columnSeparator, packing, shuffle } = input;
  let items = combined(sources, format);
  if (columnSeparator !== undefined) items = columnsOf(items, columnSeparator);
  if (packing !== undefined) items = packed(items, packing);
  return shuffle === undefined ? items : shuffled(items, shuffle);
}
