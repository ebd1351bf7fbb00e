/** Hints for names that do not exist: the name that was probably meant. */

/** Longer texts are no names, and comparing them would take too long. */
const LONGEST_NAME = 64;

/** Shorter parts of names are not compared. */
const SHORTEST_PART = 4;

/**
 * The hint in an error message about an unknown name: the name that was probably meant, or all names.
 *
 * @param elsewhere names that other libraries use, with the name here.
 */
export function hint(
  given: string,
  names: readonly string[],
  elsewhere?: ReadonlyMap<string, string>,
): string {
  const meant = nearest(given, [...names, ...(elsewhere?.keys() ?? [])]);
  return meant === undefined
    ? `there are ${names.join(', ') || 'none'}`
    : `did you mean '${names.includes(meant) ? meant : elsewhere?.get(meant)}'?`;
}

/**
 * The name of which at most a third of the letters differ from the given one, or which is part of it or contains it,
 * regardless of case; undefined if there is none.
 */
function nearest(given: string, names: readonly string[]): string | undefined {
  if (given.length > LONGEST_NAME) return undefined;
  const wanted = given.toLowerCase();
  let best: string | undefined;
  let fewest = Math.floor(given.length / 3) + 1;
  for (const name of names) {
    const edits = distance(wanted, name.toLowerCase());
    if (edits >= fewest) continue;
    best = name;
    fewest = edits;
  }
  return best ?? names.find((name) => isPart(wanted, name.toLowerCase()));
}

/** Whether one name is part of the other, as `size` is of `poolSize`, and long enough to be meaningful. */
function isPart(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < SHORTEST_PART) return false;
  return one.includes(other) || other.includes(one);
}

/** The edit distance: how many letters must be inserted, deleted or replaced. */
function distance(from: string, to: string): number {
  const row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const letter of from) {
    let diagonal = row[0]!++;
    for (let column = 1; column <= to.length; column++) {
      const replaced = diagonal + (letter === to[column - 1] ? 0 : 1);
      diagonal = row[column]!;
      row[column] = Math.min(replaced, diagonal + 1, row[column - 1]! + 1);
    }
  }
  return row[to.length]!;
}
