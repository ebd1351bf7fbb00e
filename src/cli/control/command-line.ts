/** Parses a command line on the client, before it is sent to the server. */

import { asksForHelp } from '../../control/arguments/read-arguments.ts';
import { scanWords } from '../../control/arguments/words.ts';
import { dashed } from '../../control/names.ts';
import { COMMANDS } from '../../control/table.ts';

/** The names of the commands that stream events until they are stopped. */
const STREAMING: ReadonlySet<string> = new Set(
  Object.entries(COMMANDS).flatMap(([key, { streams }]) => (streams ? [dashed(key)] : [])),
);

/** The name of the command in lower case, as the server looks it up; empty if there is none. */
export function commandOf(line: string): string {
  return scanWords(line).words[0]?.text.toLowerCase() ?? '';
}

/** Whether the command streams events until it is stopped. */
export function streams(line: string): boolean {
  return STREAMING.has(commandOf(line)) && !asksForHelp(scanWords(line).words.slice(1));
}

/** Joins words, already split by a shell, into a line that the server splits into the same words. */
export function lineOfWords(words: readonly string[]): string {
  return words.map(asTyped).join(' ');
}

/** Literals stay as they are; in other words special characters are escaped with a backslash. */
function asTyped(word: string): string {
  if (word === '') return "''";
  const { words, missing } = scanWords(word);
  const isItself = missing === undefined && words.length === 1 && words[0]?.text === word;
  return isItself ? word : word.replaceAll(/[\s'"\\[\]{}()]/g, '\\$&');
}
