/** The states of a pool that are kept to rebuild others from: few, and of a bounded size. */

import type { PoolCheckpoint } from '../../index.ts';

/** A state that is kept. */
export interface KeptState {
  /** The `seq` of the event that it is of. */
  readonly seq: number;
  readonly state: PoolCheckpoint;
}

/** A state is kept every so many events, as long as there is room. */
export const EVERY = 50_000;
/** How many are kept at the most. */
const MOST = 256;
/** How many tasks and groups may be in all of them together; two are always kept. */
const MOST_ENTRIES = 1_000_000;

export class Checkpoints {
  /** In the order of `seq`. */
  readonly #kept: KeptState[] = [];
  #entries = 0;
  #every = EVERY;

  /** How many events are between two: more where there are too many states, or they are large. */
  get every(): number {
    return this.#every;
  }

  get last(): KeptState | undefined {
    return this.#kept.at(-1);
  }

  /** Adds one, unless it is there. */
  add(kept: KeptState): void {
    const place = this.#kept.findLastIndex(({ seq }) => seq <= kept.seq);
    if (this.#kept[place]?.seq === kept.seq) return;
    this.#kept.splice(place + 1, 0, kept);
    this.#entries += entriesOf(kept);
    while (this.#kept.length > 2 && (this.#kept.length > MOST || this.#entries > MOST_ENTRIES)) {
      this.#every = Math.max(this.#every, Math.ceil(this.#spread / this.#kept.length));
      this.#thin();
    }
  }

  /** The first one with at least this `seq`. */
  from(seq: number): KeptState | undefined {
    return this.#kept.find((kept) => kept.seq >= seq);
  }

  /** The last one with at most this `seq`. */
  upTo(seq: number): KeptState | undefined {
    return this.#kept.findLast((kept) => kept.seq <= seq);
  }

  /** Whether there is one no further away than this many events. */
  isNear(seq: number, distance: number): boolean {
    return this.#kept.some((kept) => Math.abs(kept.seq - seq) <= distance);
  }

  /** Forgets those with a smaller `seq`: nothing can be rebuilt from them any more. */
  forgetBefore(seq: number): void {
    while (this.#kept.length > 0 && (this.#kept[0] as KeptState).seq < seq) {
      this.#entries -= entriesOf(this.#kept.shift() as KeptState);
    }
  }

  /** Forgets the one whose neighbours are closest, so that what is left stays evenly spread. */
  #thin(): void {
    let place = 1;
    let least = Number.POSITIVE_INFINITY;
    for (let middle = 1; middle < this.#kept.length - 1; middle++) {
      const gap = this.#seqAt(middle + 1) - this.#seqAt(middle - 1);
      if (gap < least) {
        least = gap;
        place = middle;
      }
    }
    for (const kept of this.#kept.splice(place, 1)) this.#entries -= entriesOf(kept);
  }

  /** How many events are between the first and the last. */
  get #spread(): number {
    return this.#seqAt(this.#kept.length - 1) - this.#seqAt(0);
  }

  #seqAt(place: number): number {
    return (this.#kept[place] as KeptState).seq;
  }
}

function entriesOf({ state }: KeptState): number {
  return state.tasks.length + state.groups.length;
}
