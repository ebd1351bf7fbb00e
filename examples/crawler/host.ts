/** One host name of the site: what it was asked, and how it took it. */

/** One request. */
export interface Visit {
  readonly path: string;
  /** When it came, as `performance.now()` counts. */
  readonly came: number;
  /** What it was answered; undefined as long as it was not. */
  status: number | undefined;
}

/** A time in which the host wants no requests. */
export interface Pause {
  readonly until: number;
  /** Requests that came all the same. */
  early: number;
}

/** After this many requests a host has enough, for so long. */
const ENOUGH = 40;
export const PAUSE_SECONDS = 1;

export class Host {
  /** In the order in which they came. */
  readonly visits: Visit[] = [];
  readonly pauses: Pause[] = [];
  /** Requests that it has to answer, and the most that there have been. */
  open = 0;
  mostOpen = 0;
  readonly #counts = new Map<string, number>();

  /** @returns how often the path was asked for, this time included. */
  visit(path: string): { readonly visit: Visit; readonly count: number } {
    const visit: Visit = { path, came: performance.now(), status: undefined };
    this.visits.push(visit);
    const count = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, count);
    return { visit, count };
  }

  begin(): void {
    this.open++;
    this.mostOpen = Math.max(this.mostOpen, this.open);
  }

  end(): void {
    this.open--;
  }

  /** Whether it wants no requests now. */
  hasEnough(): boolean {
    const now = performance.now();
    const last = this.pauses.at(-1);
    if (last !== undefined && now < last.until) {
      last.early++;
      return true;
    }
    if (this.visits.length % ENOUGH !== ENOUGH / 4) return false;
    this.pauses.push({ until: now + PAUSE_SECONDS * 1000, early: 0 });
    return true;
  }
}
