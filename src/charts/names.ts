/** What parts of a chart are called in a drawing. */

/** The name of an action, guard or invoked actor; undefined for one that was written in place. */
export function nameOf(thing: unknown): string | undefined {
  if (typeof thing === 'string') return thing;
  if (typeof thing === 'function') return thing.name || undefined;
  if (typeof thing !== 'object' || thing === null) return undefined;
  const { src, type } = thing as { readonly src?: unknown; readonly type?: unknown };
  return nameOf(src ?? type);
}
