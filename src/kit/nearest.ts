/** Names are longer than this nowhere. */
export const LONGEST_NAME = 64;

/**
 * The one of some names that someone who wrote `given` probably meant; undefined if no name is
 * near: at most a third of the letters may differ, and upper and lower case are the same.
 */
export function nearest(given: string, names: Iterable<string>): string | undefined {
  // A text in place of a name is not worth comparing.
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
  return best;
}

/** What to say of a name that is none of those that there are: the one that was meant, or all. */
export function hint(
  names: readonly string[],
  meant: string | undefined,
  listed = 'there are ',
): string {
  return meant === undefined
    ? `${listed}${names.join(', ') || 'none'}`
    : `did you mean '${meant}'?`;
}

/** How many letters have to be put in, left out or replaced to make one text of another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[line - 1] === to[column - 1];
      next[column] = Math.min(
        row[column - 1]! + (isSame ? 0 : 1),
        row[column]! + 1,
        next[column - 1]! + 1,
      );
    }
    row = next;
  }
  return row[to.length]!;
}
