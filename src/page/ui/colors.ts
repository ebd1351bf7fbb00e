/** The colours of the style sheet, for canvases. */

/** A colour of the current scheme, by the name of its variable: `running`. */
export function colorOf(name: string): string {
  return (probe(name) ?? '#888') as string;
}

let cache = new Map<string, string>();
let element: HTMLElement | undefined;

/** Reads a colour from an element, since `light-dark()` is resolved only in a colour property. */
function probe(name: string): string | undefined {
  const known = cache.get(name);
  if (known !== undefined) return known;
  element ??= document.body.appendChild(
    Object.assign(document.createElement('i'), { hidden: true }),
  );
  element.style.color = `var(--${name})`;
  const color = getComputedStyle(element).color;
  cache.set(name, color);
  return color;
}

const listeners = new Set<() => void>();

/** Calls back when the scheme changes, so that canvases can be repainted. */
export function onScheme(callback: () => void): () => void {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

/** Applies the given scheme, or that of the system. */
export function setScheme(scheme: 'light' | 'dark' | undefined): void {
  const { dataset } = document.documentElement;
  if (scheme === undefined) delete dataset['scheme'];
  else dataset['scheme'] = scheme;
  forget();
}

function forget(): void {
  cache = new Map();
  for (const callback of listeners) callback();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', forget);
