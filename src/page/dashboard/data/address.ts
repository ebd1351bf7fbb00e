/** What the address says after the `#`: a task, a group, a place in time, a list. */

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

/** Writes it, without a step in the browser's history for each. */
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
