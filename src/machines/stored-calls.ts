/** Stored calls of `submit` that are still needed, as plain data by index. */

import type { Json, SubmittedCall } from '../events/events.ts';
import { copyJson } from './copy-json.ts';
import type { Stored } from './stored.ts';

export class StoredCalls implements Stored {
  readonly hasNext = true;
  /** The calls that are no tasks yet. */
  readonly waiting = new Map<number, SubmittedCall>();
  /** The calls whose tasks have not ended. */
  readonly #live = new Map<number, SubmittedCall>();
  /** How many calls there have been: the index of the next one. */
  submitted = 0;

  get numLeft(): number {
    return this.waiting.size;
  }

  get rest(): readonly Json[] {
    return [...this.waiting.values()];
  }

  /** The calls whose tasks have not ended, and those that are no tasks yet. */
  *unfinished(): Generator<SubmittedCall> {
    yield* this.#live.values();
    yield* this.waiting.values();
  }

  supply(calls: readonly Json[]): void {
    for (const call of calls as readonly SubmittedCall[]) {
      const { index } = call;
      const stored = this.waiting.get(index);
      this.waiting.set(index, stored === undefined ? call : { ...stored, ...call });
      if (index >= this.submitted) this.submitted = index + 1;
    }
  }

  withdraw(indices: readonly number[]): void {
    for (const index of indices) this.waiting.delete(index);
  }

  /** @param call the call from a checkpoint, in which the task already exists. */
  enter(index: number, call: Json | undefined): void {
    const entered = (call as SubmittedCall | undefined) ?? this.waiting.get(index);
    if (entered !== undefined) this.#live.set(index, entered);
    this.waiting.delete(index);
  }

  leave(index: number): void {
    this.#live.delete(index);
  }

  of(index: number): Json | undefined {
    return this.own(index)?.args;
  }

  copyOf(args: Json): Json {
    return copyJson(args);
  }

  own(index: number): SubmittedCall | undefined {
    return this.#live.get(index);
  }
}
