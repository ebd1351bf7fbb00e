/** The order in which results are printed, and the limit of those that wait for their turn. */

import { lengthOf, type Printout } from './printout.ts';
import type { Sink } from './sink.ts';
import { Turns } from './turns.ts';

/** The maximum number of results held back in the order of the input while an earlier item is not done. */
export const HELD_ITEMS = 10_000;
/** The maximum size of held results, in bytes or characters. */
const HELD_BYTES = 64 * 1024 * 1024;
/** The maximum size of the backlog to be written, in either order, in bytes or characters. */
const BACKLOG = 1024 * 1024;

/** Takes the printouts of items and limits how far they may run ahead. */
export interface Order {
  /** Takes the printout of an item. Returns false if it is held back until earlier items are done. */
  put(index: number, printout: Printout): boolean;
  /** Records that an item prints nothing. Returns false if it waits for earlier items. */
  skip(index: number): boolean;
  /** Whether the printout of an item would be printed now. */
  isTurn(index: number): boolean;
  /** Resolves when another item may be started; undefined if it may be started immediately. */
  room(index: number): Promise<void> | undefined;
  /** Resumes what waits for room, if there is some now. */
  resume(): void;
  /** Prints held printouts although earlier items are missing. */
  release(): void;
}

/** Waiting for room, which both orders share. */
abstract class Waiting {
  protected readonly sink: Sink;
  #waiting: (() => void)[] = [];

  constructor(sink: Sink) {
    this.sink = sink;
  }

  room(index: number): Promise<void> | undefined {
    return this.hasRoom(index) ? undefined : this.#wait(index);
  }

  resume(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  protected hasRoom(_index: number): boolean {
    return this.sink.backlog < BACKLOG;
  }

  async #wait(index: number): Promise<void> {
    while (!this.hasRoom(index)) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }
}

/** Prints results as they come. */
export class AsCompleted extends Waiting implements Order {
  put(_index: number, printout: Printout): boolean {
    this.sink.write(printout);
    return true;
  }

  skip(): boolean {
    return true;
  }

  isTurn(): boolean {
    return true;
  }

  release(): void {}
}

/** Nothing to print, or already printed. */
const NOTHING = '';

/** Prints results in the order of the input. */
export class InOrder extends Waiting implements Order {
  /** Held printouts, by index. */
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

  isTurn(index: number): boolean {
    return index === this.#turns.next;
  }

  release(): void {
    for (const index of [...this.#early.keys()].sort((a, b) => a - b)) this.#print(index);
  }

  protected override hasRoom(index: number): boolean {
    // All held printouts wait for the next in line.
    const isNear = index - this.#turns.head < HELD_ITEMS && this.#earlyBytes < HELD_BYTES;
    return (this.isTurn(index) || isNear) && super.hasRoom(index);
  }

  /** Returns whether it was printed. */
  #add(index: number, printout: Printout): boolean {
    this.#early.set(index, printout);
    this.#earlyBytes += lengthOf(printout);
    const turns = this.#turns;
    if (!this.isTurn(index)) return false;
    for (; this.#early.has(turns.next); turns.advance()) this.#print(turns.next);
    this.resume();
    return true;
  }

  #print(index: number): void {
    const printout = this.#early.get(index) as Printout;
    this.#early.delete(index);
    this.#earlyBytes -= lengthOf(printout);
    if (printout !== NOTHING) this.sink.write(printout);
  }
}
