/** Stored task arguments that are still needed, as plain data. */

import type { ItemStorage, Json } from '../events/events.ts';
import { copyJson } from './copy-json.ts';
import { IdTable } from './id-table.ts';
import type { Stored } from './stored.ts';
import { StoredCalls } from './stored-calls.ts';

/** The items of a source, or the arguments that all tasks have. */
export class StoredItems implements Stored {
  readonly #args: readonly Json[] | undefined;
  /** Items that no task was made of yet, from {@link StoredItems.#next} on. */
  #supply: (Json | undefined)[] = [];
  #next = 0;
  /** By index: the items of the tasks that have not ended. */
  readonly #live = new IdTable<Json>();

  /** @param args what every task is called with; undefined if each has an item of its own. */
  constructor(args: readonly Json[] | undefined) {
    this.#args = args;
  }

  /** How many items there are for the tasks to come. */
  get numLeft(): number {
    return this.#supply.length - this.#next;
  }

  /** Whether it is stored already what the next task is called with. */
  get hasNext(): boolean {
    return this.#args !== undefined || this.numLeft > 0;
  }

  /** The item of the next task. */
  get first(): Json {
    return this.#supply[this.#next] as Json;
  }

  /** The items of the tasks to come. */
  get rest(): readonly Json[] {
    return this.#supply.slice(this.#next) as Json[];
  }

  /** Items for further tasks were stored. */
  supply(items: readonly Json[]): void {
    for (const item of items) this.#supply.push(item);
  }

  withdraw(): void {}

  /** A task was made: of the given item, or else of the first of the supply. */
  enter(index: number, item: Json | undefined): void {
    if (item !== undefined) this.#live.add(index, item);
    else if (this.numLeft > 0) this.#live.add(index, this.#shift());
  }

  /** A task has ended. */
  leave(index: number): void {
    if (this.#live.get(index) !== undefined) this.#live.remove(index);
  }

  /** What a task that has not ended is called with; undefined if that is not stored. */
  of(index: number): Json | undefined {
    return this.#args ?? this.#live.get(index);
  }

  /** A copy of it, for a call of the task's function: what is stored stays as it is. */
  copyOf(item: Json): Json {
    return copyJson(item);
  }

  /** As {@link of}, and undefined as well if every task is called with the same. */
  own(index: number): Json | undefined {
    return this.#live.get(index);
  }

  #shift(): Json {
    const item = this.first;
    this.#supply[this.#next++] = undefined;
    if (this.#next === this.#supply.length) {
      this.#supply = [];
      this.#next = 0;
    }
    return item;
  }
}

/** What the tasks of a new group are called with; undefined if its journal does not hold that. */
export function storedItemsOf(
  storage: { readonly args?: readonly Json[]; readonly items?: ItemStorage } | undefined,
): Stored | undefined {
  if (storage?.items === 'submitted') return new StoredCalls();
  return storage && new StoredItems(storage.args);
}
