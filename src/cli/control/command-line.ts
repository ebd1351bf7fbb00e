/** What can be said of a command line before the server has read it. */

import { asksForHelp } from '../../control/arguments/read-arguments.ts';
import { scanWords } from '../../control/arguments/words.ts';
import { dashed } from '../../control/names.ts';
import { COMMANDS } from '../../control/table.ts';

/** The names of the commands that report until they are stopped. */
const STREAMING: ReadonlySet<string> = new Set(
  Object.entries(COMMANDS).flatMap(([key, { streams }]) => (streams ? [dashed(key)] : [])),
);

/** The name of the command, in lower case as it is looked up; empty if there is none. */
export function commandOf(line: string): string {
  return scanWords(line).words[0]?.text.toLowerCase() ?? '';
}

/** Whether it reports until it is stopped. */
export function streams(line: string): boolean {
  return STREAMING.has(commandOf(line)) && !asksForHelp(scanWords(line).words.slice(1));
}

/** The line that is split into these words, those that a shell made of what was typed. */
export function lineOfWords(words: readonly string[]): string {
  return words.map(asTyped).join(' ');
}

/** Literals as they are, other words with a backslash wherever one is needed. */
function asTyped(word: string): string {
  if (word === '') return "''";
  const { words, missing } = scanWords(word);
  const isItself = missing === undefined && words.length === 1 && words[0]?.text === word;
  return isItself ? word : word.replaceAll(/[\s'"\\[\]{}()]/g, '\\$&');
}
