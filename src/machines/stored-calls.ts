/** Stored calls of `submit` that are still needed, as plain data by index. */

import type { Json, SubmittedCall } from '../events/events.ts';
import { copyJson } from './copy-json.ts';
import type { Stored } from './stored.ts';

export class StoredCalls implements Stored {
  readonly hasNext = true;
  /** Those that are no tasks yet. */
  readonly waiting = new Map<number, SubmittedCall>();
  /** Those whose tasks have not ended. */
  readonly #live = new Map<number, SubmittedCall>();
  /** How many calls there were: the index of the next one. */
  submitted = 0;

  get numLeft(): number {
    return this.waiting.size;
  }

  get rest(): readonly Json[] {
    return [...this.waiting.values()];
  }

  /** Those that are no tasks yet, and those whose tasks have not ended. */
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

  /** @param call that of a checkpoint, in which the task is there already. */
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
