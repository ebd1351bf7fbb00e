/** Sources of items: files, stdin, or the command line; one, or a combination of several. */

import { parseArgument, readFiles, readStart } from './files.ts';
import type { ItemForm } from './records.ts';

/** A source of values. */
export type Source = (FileSource | ValueSource) & {
  /** Whether each value belongs to the value of the source before it, instead of being combined with all of them. */
  readonly isLinked?: boolean;
};

interface FileSource {
  /** The paths; `-` is stdin. Their contents are concatenated. */
  readonly files: readonly string[];
}

interface ValueSource {
  readonly values: readonly string[];
}

export function isFileSource(source: Source): source is FileSource {
  return 'files' in source;
}

/** The name of a source in messages. */
export function describeSource(source: Source): string {
  if (!isFileSource(source)) return `::: ${source.values.join(' ')}`;
  return source.files.map((file) => (file === '-' ? 'stdin' : file)).join(' ');
}

/** The source if none is named. */
export const STDIN: Source = { files: ['-'] };

/**
 * The items of all sources. With several, each item is a list with a value of each; the last source varies fastest.
 */
export async function* combined(
  sources: readonly Source[],
  form: SourceForm,
): AsyncGenerator<readonly unknown[]> {
  const [first = STDIN, ...others] = sources;
  if (others.length === 0) {
    yield* valuesOf(first, form);
    return;
  }
  // All sources but the first are iterated repeatedly.
  const { beside, factors } = await loadAll(others, form);
  let place = 0;
  for await (const values of valuesOf(first, form)) {
    for (const value of values) {
      const row = rowAt([value], beside, place++);
      if (row === undefined) return;
      yield* products(row, factors);
    }
  }
}

/** The items of linked sources: each is a list with the next value of every source. Shorter sources start over. */
export async function* linked(
  sources: readonly Source[],
  form: SourceForm,
): AsyncGenerator<readonly unknown[]> {
  const columns: unknown[][] = [];
  for (const source of sources) columns.push(await allOf(source, form));
  if (columns.some((values) => values.length === 0)) return;
  const longest = columns.reduce((most, { length }) => Math.max(most, length), 0);
  for (let place = 0; place < longest; place++) {
    yield [columns.map((values) => values[place % values.length])];
  }
}

async function allOf(source: Source, form: SourceForm): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const batch of valuesOf(source, form)) for (const value of batch) values.push(value);
  return values;
}

/** Values of one combination. */
type Row = readonly unknown[];

async function loadAll(
  sources: readonly Source[],
  form: SourceForm,
): Promise<{ readonly beside: readonly Row[]; readonly factors: readonly (readonly Row[])[] }> {
  /** The values of each source that is linked to the first one. */
  const beside: Row[] = [];
  const factors: (readonly Row[])[] = [];
  for (const source of sources) {
    const values = await allOf(source, form);
    const last = factors.at(-1);
    if (source.isLinked !== true) factors.push(values.map((value) => [value]));
    else if (last === undefined) beside.push(values);
    else factors[factors.length - 1] = last.flatMap((row, place) => withLinked(row, values, place));
  }
  return { beside, factors };
}

function withLinked(row: Row, values: Row, place: number): readonly Row[] {
  const longer = rowAt(row, [values], place);
  return longer === undefined ? [] : [longer];
}

/** A row with its linked values; undefined if one of their sources is exhausted. */
function rowAt(row: Row, linked: readonly Row[], place: number): Row | undefined {
  if (linked.some((values) => place >= values.length)) return undefined;
  return [...row, ...linked.map((values) => values[place])];
}

/** A row with every combination of the other sources. */
function* products(row: Row, factors: readonly (readonly Row[])[]): Generator<readonly Row[]> {
  const [factor, ...rest] = factors;
  if (factor === undefined) yield [row];
  else if (rest.length === 0) yield factor.map((more) => [...row, ...more]);
  else for (const more of factor) yield* products([...row, ...more], rest);
}

/** The format of a source. */
interface SourceForm extends ItemForm {
  /** Whether the first value is a header. */
  readonly hasHeader?: boolean;
}

async function* valuesOf(source: Source, form: SourceForm): AsyncGenerator<readonly unknown[]> {
  let isHeader = form.hasHeader === true;
  for await (const values of allValuesOf(source, form)) {
    yield isHeader ? values.slice(1) : values;
    if (values.length > 0) isHeader = false;
  }
}

async function* allValuesOf(source: Source, form: ItemForm): AsyncGenerator<readonly unknown[]> {
  if (isFileSource(source)) yield* readFiles(source.files, form);
  else yield source.values.map((value) => parseArgument(value, form));
}

/** The first value of a source without consuming it; undefined if it is empty. */
export async function firstOf(source: Source, form: ItemForm): Promise<unknown> {
  if (!isFileSource(source)) return source.values[0];
  const [file = '-'] = source.files;
  for await (const [first] of readStart(file, form)) if (first !== undefined) return first;
  return undefined;
}
