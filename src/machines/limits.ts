/** Converts limits to JSON, which has no `Infinity`, and back. */

/** A limit as JSON, which has no `Infinity`. */
export function limitToJson(limit: number): number | null {
  return limit === Number.POSITIVE_INFINITY ? null : limit;
}

/** The inverse of {@link limitToJson}. */
export function limitFromJson(limit: number | null): number {
  return limit ?? Number.POSITIVE_INFINITY;
}
