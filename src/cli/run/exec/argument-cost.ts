/** Estimates the length of a command line per argument, for packing. */

import { ANY_PLACEHOLDER, isOfAll } from './placeholders.ts';

const PLACEHOLDERS = new RegExp(ANY_PLACEHOLDER.source, 'g');
/** A word that consists of a placeholder only. */
const ALONE = /(?<!\S)\{[./]*\}(?!\S)/;
/** The length of a space. */
const BETWEEN = 1;
/** The length of `"${123456}" `, by which a shell script refers to an argument. */
const REFERENCE = 12;

/**
 * @returns how many times the command contains the text of each argument, and the additional bytes per argument.
 *   This is an upper bound, since the word around a placeholder is repeated with it.
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
