/** Names in any case: some clients send the whole line in lower case. */

import { printableName } from '../../printable/text.ts';
import { BadArguments } from '../errors.ts';

/**
 * The candidate that a name is, or else the only one that differs from it in case only, or else the
 * name itself, which is none of them.
 *
 * @throws BadArguments if it could be several.
 */
export function inAnyCase(name: string, candidates: readonly string[]): string {
  if (candidates.includes(name)) return name;
  const folded = fold(name);
  const matching = candidates.filter((candidate) => fold(candidate) === folded);
  const [match = name, ...others] = matching;
  if (others.length === 0) return match;
  const names = matching.map((one) => printableName(one)).sort();
  throw new BadArguments(`expected one of ${names.join(', ')}, got '${printableName(name)}'`);
}

/** The same for all cases of a name: a sigma is another at the end of a word, of a name or of a line. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('ς', 'σ');
}
