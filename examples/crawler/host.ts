/** One host of the site, with a record of the requests it received. */

/** A request. */
export interface Visit {
  readonly path: string;
  /** When it arrived, in milliseconds of `performance.now()`. */
  readonly came: number;
  /** The status of the response; undefined until it is sent. */
  status: number | undefined;
}

/** A period in which the host rejects requests with status 429. */
export interface Pause {
  readonly until: number;
  /** The number of requests that arrived nevertheless. */
  early: number;
}

/** After this many requests a host pauses, for `PAUSE_SECONDS`. */
const ENOUGH = 40;
export const PAUSE_SECONDS = 1;

export class Host {
  /** In order of arrival. */
  readonly visits: Visit[] = [];
  readonly pauses: Pause[] = [];
  /** The number of requests in progress, and the maximum so far. */
  open = 0;
  mostOpen = 0;
  readonly #counts = new Map<string, number>();

  /** Records a request. `count` is the number of requests of the path so far, including this one. */
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

  /** Whether the host rejects requests now. Counts requests during a pause, and begins pauses. */
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
