/** How much of a command line each of many arguments takes. */

import { ANY_PLACEHOLDER, isOfAll } from './placeholders.ts';

const PLACEHOLDERS = new RegExp(ANY_PLACEHOLDER.source, 'g');
/** A word that is a placeholder and nothing else. */
const ALONE = /(?<!\S)\{[./]*\}(?!\S)/;
/** A space. */
const BETWEEN = 1;
/** `"${123456}" `: an argument as a script for the shell refers to it. */
const REFERENCE = 12;

/**
 * @returns how often a command has the text of each argument, and the bytes that it takes for each
 *   besides: at the most, since what surrounds a placeholder is repeated with it.
 */
export function argumentCost(template: string): {
  readonly times: number;
  readonly overhead: number;
} {
  const times = Math.max(1, (template.match(PLACEHOLDERS) ?? []).filter(isOfAll).length);
  if (times === 1 && (ALONE.test(template) || !ANY_PLACEHOLDER.test(template))) {
    return { times, overhead: BETWEEN };
  }
  const words = template.split(/\s+/).filter((word) => ANY_PLACEHOLDER.test(word));
  return { times, overhead: times * REFERENCE + words.join(' ').length };
}
