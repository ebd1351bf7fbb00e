/** The state of the page in the URL fragment: a task, a group, a position in time, a list. */

export interface Address {
  readonly pool?: string | undefined;
  readonly tab?: string | undefined;
  readonly task?: number | undefined;
  readonly group?: string | undefined;
  /** A `seq`. Without it the present. */
  readonly at?: number | undefined;
}

export function readAddress(hash = location.hash): Address {
  const parts = new URLSearchParams(hash.slice(1));
  return {
    pool: parts.get('pool') ?? undefined,
    tab: parts.get('tab') ?? undefined,
    task: numberIn(parts.get('task')),
    group: parts.get('group') ?? undefined,
    at: numberIn(parts.get('at')),
  };
}

/** Writes the fragment, without adding entries to the browser's history. */
export function writeAddress(address: Address): void {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(address)) {
    if (value !== undefined) parts.set(name, String(value));
  }
  const hash = parts.toString();
  const url = `${location.pathname}${location.search}${hash && `#${hash}`}`;
  if (url !== `${location.pathname}${location.search}${location.hash}`) {
    history.replaceState(null, '', url);
  }
}

function numberIn(text: string | null): number | undefined {
  if (text === null || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
