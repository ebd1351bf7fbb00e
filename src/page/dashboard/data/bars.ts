/** The attempts of tasks as bars in lanes, one per slot, as drawn in the stream. Stored in columns. */

/** The outcome of an attempt. */
export const Kind = {
  running: 0,
  fulfilled: 1,
  rejected: 2,
  cancelled: 3,
  /** It failed and is retried. */
  failed: 4,
  /** The process that ran it died. */
  interrupted: 5,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** The default number of bars kept, the newest ones: a power of two. */
const MOST = 2 ** 17;

export class Bars {
  readonly #most: number;
  readonly #mask: number;
  /** Bars are numbered from 0; those from `first` on are kept. */
  first = 0;
  next = 0;
  /** The number of lanes so far. */
  lanes = 0;
  readonly start: Float64Array;
  /** `Infinity` while it is running. */
  readonly end: Float64Array;
  /** When its signal was aborted; 0 if it was not. */
  readonly aborted: Float64Array;
  readonly id: Float64Array;
  readonly lane: Int32Array;
  readonly group: Int32Array;
  readonly attempt: Uint16Array;
  readonly kind: Uint8Array;
  /** The numbers of bars in the order in which they ended; the capacity is that of all bars. */
  readonly #ended: Float64Array;
  numEnded = 0;
  /** The bars of running tasks, by id. */
  readonly running = new Map<number, number>();
  readonly #free: boolean[] = [];
  #lowestFree = 0;
  readonly groups: string[] = [];
  readonly #groupNumbers = new Map<string, number>();

  /**
   * @param least the minimum number of bars to make room for, if it is known.
   */
  constructor(least = MOST) {
    const most = Math.min(MOST, 2 ** Math.ceil(Math.log2(Math.max(1024, least))));
    this.#most = most;
    this.#mask = most - 1;
    this.start = new Float64Array(most);
    this.end = new Float64Array(most);
    this.aborted = new Float64Array(most);
    this.id = new Float64Array(most);
    this.lane = new Int32Array(most);
    this.group = new Int32Array(most);
    this.attempt = new Uint16Array(most);
    this.kind = new Uint8Array(most);
    this.#ended = new Float64Array(most);
  }

  /** The index of a bar in the columns. */
  place(bar: number): number {
    return bar & this.#mask;
  }

  /** The nth bar that ended; undefined if it is not kept any more. */
  endedAt(n: number): number | undefined {
    if (n < this.numEnded - this.#most || n >= this.numEnded) return undefined;
    const bar = this.#ended[n & this.#mask] as number;
    return bar < this.first ? undefined : bar;
  }

  /** When the last bar ended; undefined while one is running, and before there is one. */
  get idleSince(): number | undefined {
    if (this.running.size > 0 || this.numEnded === 0) return undefined;
    const bar = this.endedAt(this.numEnded - 1);
    return bar === undefined ? undefined : this.end[this.place(bar)];
  }

  open(id: number, group: string, attempt: number, at: number): void {
    if (this.running.has(id)) return;
    const bar = this.next++;
    if (bar - this.first >= this.#most) this.#dropOldest();
    const place = bar & this.#mask;
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
    if (bar !== undefined && this.aborted[bar & this.#mask] === 0)
      this.aborted[bar & this.#mask] = at;
  }

  close(id: number, at: number, kind: Kind): void {
    const bar = this.running.get(id);
    if (bar === undefined) return;
    this.running.delete(id);
    const place = bar & this.#mask;
    this.end[place] = at;
    this.kind[place] = kind;
    this.#freeLane(this.lane[place] as number);
    this.#ended[this.numEnded++ & this.#mask] = bar;
  }

  groupNumber(name: string): number {
    const known = this.#groupNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.groups.push(name) - 1;
    this.#groupNumbers.set(name, number);
    return number;
  }

  /** Drops the oldest bar; if it is running, it is just not drawn any more. */
  #dropOldest(): void {
    const place = this.first & this.#mask;
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
