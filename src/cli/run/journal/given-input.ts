/** Builds the input part of the header from the command line. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { argumentCost } from '../exec/argument-cost.ts';
import { concurrencyOf, type RunArguments, type RunFlags } from '../flags.ts';
import type { Input } from '../input/input.ts';
import type { Packing } from '../input/packing.ts';
import type { ItemFormat } from '../input/records.ts';
import { newSeed } from '../input/shuffle.ts';
import { type Source, STDIN } from '../input/sources.ts';

/**
 * @param hasWork whether work is named: the input then defaults to stdin.
 */
export function givenInput(given: RunArguments, hasWork: boolean): Partial<Input> {
  const sources = givenSources(given, hasWork);
  return { ...(sources === undefined ? {} : { sources }), ...givenForm(given.flags) };
}

/** The sources. With work but no input, stdin is the default. */
function givenSources(
  { paths, sources, flags }: RunArguments,
  hasWork: boolean,
): readonly Source[] | undefined {
  const files = flags.exec === undefined ? paths.slice(1) : paths;
  const named: Source[] = files.length === 0 ? [] : [{ files }];
  const listed = (flags.argFile ?? []).map((file) => ({ files: [file] }));
  const all = [...named, ...listed, ...sources].map((source) => absolute(source, flags));
  if (all.length > 0) return all;
  return hasWork ? [STDIN] : undefined;
}

function absolute(source: Source, flags: RunFlags): Source {
  if (!('files' in source)) return source;
  return { ...source, files: source.files.map((file) => pathInJournal(file, flags)) };
}

/** Makes paths absolute for the journal, so that a run can be resumed from any folder. */
export function pathInJournal(path: string, { journal, resume }: RunFlags): string {
  const isKept = journal !== undefined || resume !== undefined;
  return isKept && path !== '-' ? resolve(path) : path;
}

/** The format and transformations of the input. */
function givenForm(flags: RunFlags): Partial<Input> {
  const format = itemFormat(flags);
  const packing = packingOf(flags);
  return {
    ...(format === undefined ? {} : { format }),
    ...(flags.delimiter === undefined ? {} : { delimiter: flags.delimiter }),
    ...(flags.link === true ? { isLinked: true } : {}),
    ...(flags.header === true ? { hasHeader: true } : {}),
    ...(flags.trim === undefined ? {} : { trim: flags.trim }),
    ...(flags.colsep === undefined ? {} : { columnSeparator: flags.colsep }),
    ...(packing === undefined ? {} : { packing }),
    ...(flags.shuf === true ? { shuffle: newSeed() } : {}),
  };
}

function itemFormat({ jsonl = false, null: isNull = false }: RunFlags): ItemFormat | undefined {
  if (jsonl) return 'jsonl';
  return isNull ? 'null' : undefined;
}

/** The maximum length of a command line in bytes, as in xargs and GNU parallel. */
const COMMAND_LINE_BYTES = 128 * 1024;

function packingOf(flags: RunFlags): Packing | undefined {
  const { maxReplaceArgs: count, X = false, m = false, xargs = false } = flags;
  const isTogether = m || xargs;
  const isFull = X || isTogether;
  if (count === undefined && !isFull) return undefined;
  // Only xargs gives the last items to a single command.
  const spread = xargs ? 1 : (concurrencyOf(flags) ?? availableParallelism());
  return {
    ...(count === undefined ? {} : { count }),
    ...(isTogether ? { isTogether } : {}),
    ...(isFull
      ? { fill: { bytes: COMMAND_LINE_BYTES, ...argumentCost(flags.exec ?? ''), spread } }
      : {}),
  };
}
