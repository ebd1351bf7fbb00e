/** Stored task arguments that are still needed, as plain data. */

import type { ItemStorage, Json } from '../events/events.ts';
import { copyJson } from './copy-json.ts';
import { IdTable } from './id-table.ts';
import type { Stored } from './stored.ts';
import { StoredCalls } from './stored-calls.ts';

/** The items of a source, or the arguments of all tasks. */
export class StoredItems implements Stored {
  readonly #args: readonly Json[] | undefined;
  /** The items that are no tasks yet, from {@link StoredItems.#next} on. */
  #supply: (Json | undefined)[] = [];
  #next = 0;
  /** By index: the items of the tasks that have not ended. */
  readonly #live = new IdTable<Json>();

  /** @param args the arguments of every task; undefined if each has its own item. */
  constructor(args: readonly Json[] | undefined) {
    this.#args = args;
  }

  /** How many items are no tasks yet. */
  get numLeft(): number {
    return this.#supply.length - this.#next;
  }

  /** Whether the item of the next task is already stored. */
  get hasNext(): boolean {
    return this.#args !== undefined || this.numLeft > 0;
  }

  /** The item of the next task. */
  get first(): Json {
    return this.#supply[this.#next] as Json;
  }

  /** The items that are no tasks yet. */
  get rest(): readonly Json[] {
    return this.#supply.slice(this.#next) as Json[];
  }

  /** Adds items for further tasks. */
  supply(items: readonly Json[]): void {
    for (const item of items) this.#supply.push(item);
  }

  withdraw(): void {}

  /** A task was created, from the given item or else from the first stored one. */
  enter(index: number, item: Json | undefined): void {
    if (item !== undefined) this.#live.add(index, item);
    else if (this.numLeft > 0) this.#live.add(index, this.#shift());
  }

  /** A task has ended. */
  leave(index: number): void {
    if (this.#live.get(index) !== undefined) this.#live.remove(index);
  }

  /** The item of a task that has not ended; undefined if it is not stored. */
  of(index: number): Json | undefined {
    return this.#args ?? this.#live.get(index);
  }

  /** A copy of an item for a call of the task's function, which may modify it. */
  copyOf(item: Json): Json {
    return copyJson(item);
  }

  /** Like {@link of}, but also undefined if all tasks have the same arguments. */
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

/** The stored items of a new group; undefined if the journal does not store them. */
export function storedItemsOf(
  storage: { readonly args?: readonly Json[]; readonly items?: ItemStorage } | undefined,
): Stored | undefined {
  if (storage?.items === 'submitted') return new StoredCalls();
  return storage && new StoredItems(storage.args);
}
