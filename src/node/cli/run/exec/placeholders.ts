/** What stands for the item in a command, with the meaning that GNU parallel gives it. */

/** The text of a placeholder for an item and its place, counted from 1. */
export type Placeholder = (item: string, place: number) => string;

export const PLACEHOLDERS: Readonly<Record<string, Placeholder>> = {
  '{}': (item) => item,
  '{.}': withoutExtension,
  '{/}': baseName,
  '{//}': directory,
  '{/.}': (item) => withoutExtension(baseName(item)),
  '{#}': (_, place) => String(place),
};

/** Finds the next placeholder in a text. */
export const ANY_PLACEHOLDER = /\{(?:|\.|\/|\/\/|\/\.|#)\}/;

/** A dot at the start of a name counts: of `.profile` nothing is left. */
function withoutExtension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(0, dot) : path;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What `dirname` prints. */
function directory(path: string): string {
  const parent = withoutSlashes(path.slice(0, withoutSlashes(path).lastIndexOf('/') + 1));
  if (parent !== '') return parent;
  return path.startsWith('/') ? '/' : '.';
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
