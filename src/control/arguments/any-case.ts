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
  return new Names(candidates).find(name);
}

/** Candidates, among which any number of names are looked up. */
export class Names {
  readonly #names: ReadonlySet<string>;
  #byFolded: Map<string, string[]> | undefined = undefined;

  constructor(candidates: readonly string[]) {
    this.#names = new Set(candidates);
  }

  /** See {@link inAnyCase}. */
  find(name: string): string {
    if (this.#names.has(name)) return name;
    this.#byFolded ??= this.#fold();
    const matching = this.#byFolded.get(fold(name)) ?? [];
    const [match = name, ...others] = matching;
    if (others.length === 0) return match;
    const names = matching.map((one) => printableName(one)).sort();
    throw new BadArguments(`expected one of ${names.join(', ')}, got '${printableName(name)}'`);
  }

  #fold(): Map<string, string[]> {
    const byFolded = new Map<string, string[]>();
    for (const name of this.#names) {
      const folded = fold(name);
      const same = byFolded.get(folded);
      if (same === undefined) byFolded.set(folded, [name]);
      else same.push(name);
    }
    return byFolded;
  }
}

/** The same for all cases of a name: a sigma is another at the end of a word, of a name or of a line. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('ς', 'σ');
}
