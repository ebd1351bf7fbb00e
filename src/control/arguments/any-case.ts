/** Looks up names in any case, since some clients send whole lines in lower case. */

import { printableName } from '../../printable/text.ts';
import { BadArguments } from '../errors.ts';

/**
 * The candidate equal to a name, or else the only one that differs from it in case only, or else the name itself.
 *
 * @throws BadArguments if it is ambiguous.
 */
export function inAnyCase(name: string, candidates: readonly string[]): string {
  return new Names(candidates).find(name);
}

/** Candidates, for looking up many names. */
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

/** The same text for all cases of a name; a sigma has a different form at the end of a word. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('ς', 'σ');
}
