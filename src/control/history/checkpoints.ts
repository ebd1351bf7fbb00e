/** Stores states of a pool from which others are rebuilt: a few, with a bounded size. */

import type { PoolCheckpoint } from '../../index.ts';

/** A stored state. */
export interface KeptState {
  /** The `seq` of the event after which it was taken. */
  readonly seq: number;
  readonly state: PoolCheckpoint;
}

/** The number of events between two states, while there is room. */
export const EVERY = 50_000;
/** The maximum number of states. */
const MOST = 256;
/** The maximum number of tasks and groups in all states together; two states are always kept. */
const MOST_ENTRIES = 1_000_000;

export class Checkpoints {
  /** In the order of `seq`. */
  readonly #kept: KeptState[] = [];
  #entries = 0;
  #every = EVERY;

  /** The number of events between two states: larger if there are too many states, or if they are large. */
  get every(): number {
    return this.#every;
  }

  get last(): KeptState | undefined {
    return this.#kept.at(-1);
  }

  /** Adds a state, unless there is one with its `seq`. */
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

  /** The first state with at least this `seq`. */
  from(seq: number): KeptState | undefined {
    return this.#kept.find((kept) => kept.seq >= seq);
  }

  /** The last state with at most this `seq`. */
  upTo(seq: number): KeptState | undefined {
    return this.#kept.findLast((kept) => kept.seq <= seq);
  }

  /** Whether there is a state at most this many events away. */
  isNear(seq: number, distance: number): boolean {
    return this.#kept.some((kept) => Math.abs(kept.seq - seq) <= distance);
  }

  /** Drops states with a smaller `seq`, from which nothing can be rebuilt any more. */
  forgetBefore(seq: number): void {
    while (this.#kept.length > 0 && (this.#kept[0] as KeptState).seq < seq) {
      this.#entries -= entriesOf(this.#kept.shift() as KeptState);
    }
  }

  /** Drops the state whose neighbours are closest, so that the others stay evenly spread. */
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

  /** The number of events between the first and the last state. */
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
