/** No name is longer than this. */
export const LONGEST_NAME = 64;

/**
 * The name that was probably meant by `given`; undefined if none is close: at most a third of the letters may differ,
 * regardless of case.
 */
export function nearest(given: string, names: Iterable<string>): string | undefined {
  // Comparing a long text that is no name would take too long.
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

/** The hint in an error message about an unknown name: the name that was probably meant, or all names. */
export function hint(
  names: readonly string[],
  meant: string | undefined,
  listed = 'there are ',
): string {
  return meant === undefined
    ? `${listed}${names.join(', ') || 'none'}`
    : `did you mean '${meant}'?`;
}

/** The edit distance: how many letters must be inserted, deleted or replaced. */
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
