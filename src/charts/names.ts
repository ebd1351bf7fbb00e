/** The names of parts of a chart. */

/** The name of an action, guard or invoked actor; undefined for an inline one. */
export function nameOf(thing: unknown): string | undefined {
  if (typeof thing === 'string') return thing;
  if (typeof thing === 'function') return thing.name || undefined;
  if (typeof thing !== 'object' || thing === null) return undefined;
  const { src, type } = thing as { readonly src?: unknown; readonly type?: unknown };
  return nameOf(src ?? type);
}
