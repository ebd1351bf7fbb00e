/** Attempts of tasks as bars in lanes, one for each slot: what the stream shows. In columns. */

/** What became of an attempt. */
export const Kind = {
  running: 0,
  fulfilled: 1,
  rejected: 2,
  cancelled: 3,
  /** It failed, and another one follows. */
  failed: 4,
  /** The process that ran it died. */
  interrupted: 5,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** So many are kept, the youngest. */
export const MOST_BARS = 2 ** 17;
const MASK = MOST_BARS - 1;

export class Bars {
  /** Bars are numbered from 0; those from `first` on are kept. */
  first = 0;
  next = 0;
  /** How many lanes there ever were. */
  lanes = 0;
  readonly start = new Float64Array(MOST_BARS);
  /** `Infinity` while it runs. */
  readonly end = new Float64Array(MOST_BARS);
  /** When its signal was aborted; 0 if it was not. */
  readonly aborted = new Float64Array(MOST_BARS);
  readonly id = new Float64Array(MOST_BARS);
  readonly lane = new Int32Array(MOST_BARS);
  readonly group = new Int32Array(MOST_BARS);
  readonly attempt = new Uint16Array(MOST_BARS);
  readonly kind = new Uint8Array(MOST_BARS);
  /** The numbers of bars in the order in which they ended: as many as there are in all. */
  readonly #ended = new Float64Array(MOST_BARS);
  numEnded = 0;
  /** The bars of the tasks that run, by id. */
  readonly running = new Map<number, number>();
  readonly #free: boolean[] = [];
  #lowestFree = 0;
  readonly groups: string[] = [];
  readonly #groupNumbers = new Map<string, number>();

  /** Where a bar is in the columns. */
  place(bar: number): number {
    return bar & MASK;
  }

  /** The bar that ended as the n-th; undefined if it is no longer kept. */
  endedAt(n: number): number | undefined {
    if (n < this.numEnded - MOST_BARS || n >= this.numEnded) return undefined;
    const bar = this.#ended[n & MASK] as number;
    return bar < this.first ? undefined : bar;
  }

  open(id: number, group: string, attempt: number, at: number): void {
    if (this.running.has(id)) return;
    const bar = this.next++;
    if (bar - this.first >= MOST_BARS) this.#dropOldest();
    const place = bar & MASK;
    this.start[place] = at;
    this.end[place] = Number.POSITIVE_INFINITY;
    this.aborted[place] = 0;
    this.id[place] = id;
    this.lane[place] = this.#takeLane();
    this.group[place] = this.groupNumber(group);
    this.attempt[place] = attempt;
    this.kind[place] = Kind.running;
    this.running.set(id, bar);
  }

  abort(id: number, at: number): void {
    const bar = this.running.get(id);
    if (bar !== undefined && this.aborted[bar & MASK] === 0) this.aborted[bar & MASK] = at;
  }

  close(id: number, at: number, kind: Kind): void {
    const bar = this.running.get(id);
    if (bar === undefined) return;
    this.running.delete(id);
    const place = bar & MASK;
    this.end[place] = at;
    this.kind[place] = kind;
    this.#freeLane(this.lane[place] as number);
    this.#ended[this.numEnded++ & MASK] = bar;
  }

  groupNumber(name: string): number {
    const known = this.#groupNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.groups.push(name) - 1;
    this.#groupNumbers.set(name, number);
    return number;
  }

  /** One that still runs stays running, and is only no longer drawn. */
  #dropOldest(): void {
    const place = this.first & MASK;
    const id = this.id[place] as number;
    if (this.running.get(id) === this.first) {
      this.running.delete(id);
      this.#freeLane(this.lane[place] as number);
    }
    this.first++;
  }

  #takeLane(): number {
    let lane = this.#lowestFree;
    while (lane < this.#free.length && !this.#free[lane]) lane++;
    this.#free[lane] = false;
    this.#lowestFree = lane + 1;
    this.lanes = Math.max(this.lanes, lane + 1);
    return lane;
  }

  #freeLane(lane: number): void {
    this.#free[lane] = true;
    this.#lowestFree = Math.min(this.#lowestFree, lane);
  }
}
