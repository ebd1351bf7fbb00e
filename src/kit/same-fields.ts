/** Compares objects field by field. */

/** Whether an object has the same values as another one in all fields of that. */
export function hasFieldsOf<T extends object>(one: Readonly<T>, other: Readonly<T>): boolean {
  for (const name in other) if (one[name] !== other[name]) return false;
  return true;
}
