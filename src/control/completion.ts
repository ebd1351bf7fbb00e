/** Completes unfinished command lines, based on the table of commands. */

import type { Candidates, ValueType } from './arguments/value-types.ts';
import { scanWords, type Word } from './arguments/words.ts';
import type { Completion } from './command.ts';
import { dashed } from './names.ts';
import type { NamedCommand } from './table.ts';

/** The source of candidates. */
export interface Vocabulary {
  /** The command with a name; undefined if there is none. */
  find(name: string): NamedCommand | undefined;
  list(what: Candidates): readonly string[];
}

/** The candidates for the last word, which may be empty. */
export function complete(line: string, vocabulary: Vocabulary): Completion {
  const { words } = scanWords(line);
  const last = words.at(-1);
  const unfinished = last !== undefined && !/\s$/.test(line) ? last : undefined;
  const word = unfinished === undefined ? '' : line.slice(unfinished.start);
  const before = unfinished === undefined ? words : words.slice(0, -1);
  const candidates = candidatesAfter(before, word, vocabulary)
    .filter((candidate) => candidate.startsWith(word))
    .map(quote);
  return { word, candidates: [...new Set(candidates)].sort() };
}

function candidatesAfter(
  before: readonly Word[],
  word: string,
  vocabulary: Vocabulary,
): readonly string[] {
  const [name, ...rest] = before;
  if (name === undefined) return vocabulary.list('commands');
  const named = vocabulary.find(name.text);
  if (named === undefined) return [];
  const { positionals, options } = named.command;
  const lookUp = (type: ValueType<unknown> | undefined): readonly string[] => {
    const values = type?.candidates ?? [];
    return typeof values === 'string' ? vocabulary.list(values) : values;
  };
  let places = 0;
  for (let i = 0; i < rest.length; i++) {
    const { text } = rest[i] as Word;
    const option = Object.entries(options).find(
      ([key, { letter }]) => text === `--${dashed(key)}` || text === `-${letter}`,
    )?.[1];
    if (option?.type !== undefined) {
      if (i === rest.length - 1) return lookUp(option.type);
      i++;
    } else if (!text.startsWith('-')) {
      places++;
    }
  }
  if (word.startsWith('-'))
    return ['--help', ...Object.keys(options).map((key) => `--${dashed(key)}`)];
  const tail = positionals.at(-1);
  const repeats = tail?.takes === 'some' || tail?.takes === 'any';
  return lookUp((positionals[places] ?? (repeats ? tail : undefined))?.type);
}

/** A candidate, quoted if necessary. */
function quote(candidate: string): string {
  return /^[^\s'"\\[\]{}(]+$/.test(candidate)
    ? candidate
    : `"${candidate.replaceAll(/["\\]/g, '\\$&')}"`;
}
