/** Sources of items on the command line, as GNU parallel takes them: `::: a b :::: file`. */

import type { Source } from '../input/sources.ts';

const SEPARATORS: Readonly<Record<string, (words: readonly string[]) => readonly Source[]>> = {
  ':::': (values) => [{ values }],
  ':::+': (values) => [{ values, isLinked: true }],
  '::::': (files) => files.map((file) => ({ files: [file] })),
  '::::+': (files) => files.map((file) => ({ files: [file], isLinked: true })),
};

/**
 * Splits the words of a command line into what stands before the first separator, and the sources.
 * After it, nothing is an option.
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
