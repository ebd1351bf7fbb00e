/** The colours of the style sheet, for canvases. */

/** A colour of the scheme that is in use now, by the name of its variable: `running`. */
export function colorOf(name: string): string {
  return (probe(name) ?? '#888') as string;
}

let cache = new Map<string, string>();
let element: HTMLElement | undefined;

/** `light-dark()` is resolved only where it is a colour of something. */
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

/** Calls back when the scheme changes, and canvases have to be painted anew. */
export function onScheme(callback: () => void): () => void {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

/** Takes the scheme of the system, or the one that was chosen. */
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
