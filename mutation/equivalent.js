/** Mutants that change nothing observable, and why. */

/** By the file: a line of code, what is replaced in it by what (each mutant of the line if that is missing), and why. */
const EQUIVALENT = {};

/** @returns {boolean} whether nothing can notice the mutant */
export function isEquivalent({ file, code, from, to }) {
  return (EQUIVALENT[file] ?? []).some(
    (entry) =>
      entry.code === code &&
      (entry.from === undefined || entry.from === from) &&
      (entry.to === undefined || entry.to === to),
  );
}
