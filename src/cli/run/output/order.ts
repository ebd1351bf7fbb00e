/** The order in which results are printed, and how many may wait for their turn. */

import { lengthOf, type Printout } from './printout.ts';
import type { Sink } from './sink.ts';
import { Turns } from './turns.ts';

/** The order of the input keeps so many results at the most, while an earlier item is not done. */
export const HELD_ITEMS = 10_000;
/** And at most this many bytes, or characters. */
const HELD_BYTES = 64 * 1024 * 1024;
/** How much may wait to be written, in either order: bytes, or characters. */
const BACKLOG = 1024 * 1024;

/** Takes what items come to, one after the other or in any order, and says when there is room. */
export interface Order {
  /** An item has this to print. False if it is held until those before it are done. */
  put(index: number, printout: Printout): boolean;
  /** An item has nothing to print. False if others wait, with it, for those before it. */
  skip(index: number): boolean;
  /** Resolves when another item may be taken; undefined if one may be taken at once. */
  room(index: number): Promise<void> | undefined;
  /** Looks again at whether there is room. */
  poke(): void;
  /** Prints what is held, although items before it are missing. */
  release(): void;
}

/** What both orders have in common: someone may wait for room. */
abstract class Waiting {
  protected readonly sink: Sink;
  #wakes: (() => void)[] = [];

  constructor(sink: Sink) {
    this.sink = sink;
  }

  room(index: number): Promise<void> | undefined {
    return this.hasRoom(index) ? undefined : this.#wait(index);
  }

  poke(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }

  protected hasRoom(_index: number): boolean {
    return this.sink.backlog < BACKLOG;
  }

  async #wait(index: number): Promise<void> {
    while (!this.hasRoom(index)) {
      await new Promise<void>((resolve) => {
        this.#wakes.push(resolve);
      });
    }
  }
}

/** Results as they come. */
export class AsCompleted extends Waiting implements Order {
  put(_index: number, printout: Printout): boolean {
    this.sink.write(printout);
    return true;
  }

  skip(): boolean {
    return true;
  }

  release(): void {}
}

/** Nothing to print, or not any more. */
const NOTHING = '';

/** Results in the order of the input. */
export class InOrder extends Waiting implements Order {
  /** What came too early, by index. */
  readonly #early = new Map<number, Printout>();
  #earlyBytes = 0;
  readonly #turns: Turns;

  constructor(sink: Sink, turns = new Turns()) {
    super(sink);
    this.#turns = turns;
  }

  put(index: number, printout: Printout): boolean {
    return this.#add(index, printout);
  }

  skip(index: number): boolean {
    return this.#add(index, NOTHING);
  }

  release(): void {
    for (const index of [...this.#early.keys()].sort((a, b) => a - b)) this.#print(index);
  }

  protected override hasRoom(index: number): boolean {
    // All that is held waits for the one whose turn it is.
    const isNext = index === this.#turns.next;
    const isNear = index - this.#turns.head < HELD_ITEMS && this.#earlyBytes < HELD_BYTES;
    return (isNext || isNear) && super.hasRoom(index);
  }

  /** Whether it was printed. */
  #add(index: number, printout: Printout): boolean {
    this.#early.set(index, printout);
    this.#earlyBytes += lengthOf(printout);
    const turns = this.#turns;
    if (index !== turns.next) return false;
    for (; this.#early.has(turns.next); turns.advance()) this.#print(turns.next);
    this.poke();
    return true;
  }

  #print(index: number): void {
    const printout = this.#early.get(index) as Printout;
    this.#early.delete(index);
    this.#earlyBytes -= lengthOf(printout);
    if (printout !== NOTHING) this.sink.write(printout);
  }
}
