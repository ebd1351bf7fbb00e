/** Parses sources of items like GNU parallel: `::: a b :::: file`. */

import type { Source } from '../input/sources.ts';

const SEPARATORS: Readonly<Record<string, (words: readonly string[]) => readonly Source[]>> = {
  ':::': (values) => [{ values }],
  ':::+': (values) => [{ values, isLinked: true }],
  '::::': (files) => files.map((file) => ({ files: [file] })),
  '::::+': (files) => files.map((file) => ({ files: [file], isLinked: true })),
};

/**
 * Splits a command line into the words before the first separator and the sources. Words after it are never options.
 */
export function splitSources(words: readonly string[]): {
  readonly before: readonly string[];
  readonly sources: readonly Source[];
} {
  const starts = [...words.keys()].filter((place) => Object.hasOwn(SEPARATORS, words[place] ?? ''));
  const sources = starts.flatMap((start, number) => {
    const sourcesOf = SEPARATORS[words[start] as string];
    return sourcesOf?.(words.slice(start + 1, starts[number + 1])) ?? [];
  });
  return { before: words.slice(0, starts[0] ?? words.length), sources };
}
