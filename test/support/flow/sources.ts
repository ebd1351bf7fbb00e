/** Sources of items. */

/** Yields its items, and then fails or ends. */
export function* itemsOf(items: readonly string[], isFailing: boolean): Generator<string> {
  yield* items;
  if (isFailing) throw new Error('the source failed');
}
