/** What of a call goes into the journal, so that another process can go on with its work. */

import { Code } from '../../event-table.ts';
import type { Json } from '../../events.ts';
import type { GroupStorage } from '../../machines/records.ts';
import type { StoredItems } from '../../machines/stored-items.ts';
import type { Group } from '../engine/group.ts';
import { DONE, type Feed, feedOf, PENDING, RepeatFeed, SPENT } from '../feed.ts';
import type { FeedMaker, GroupRequest } from '../group-request.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { AnyFunction, Items } from '../task-types.ts';
import { Functions, type TaskFunctions } from './functions.ts';
import { storable } from './storable.ts';

/** How many items one event holds at the most. */
const CHUNK = 1000;

/** A call in the form in which it is stored. */
export interface StoredCall {
  readonly functionName: string;
  readonly storage: GroupStorage;
  /** The items, in the pieces in which events tell of them. */
  readonly supply: readonly (readonly Json[])[];
  /** Gives what is stored, whatever becomes of what the caller gave. */
  readonly feed: Feed | FeedMaker;
}

/**
 * Makes a call one that another process can go on with.
 *
 * @throws NotStorable
 */
export function storeCall(functions: Functions, request: GroupRequest): StoredCall {
  const { method, fn, given, planned, options } = request;
  const functionName = functions.nameOf(fn);
  const call =
    method === 'apply' || method === 'start'
      ? storeArgs(given as readonly unknown[], planned as number)
      : storeItems(given as Items<unknown>);
  if (options.passContext !== false) return { functionName, ...call };
  return { functionName, ...call, storage: { ...call.storage, passContext: false } };
}

/**
 * Throws where a call of a function with these arguments could not be stored.
 *
 * @throws NotStorable, TypeError, NotAFunction
 */
export function checkStorable(
  functions: TaskFunctions,
  fn: AnyFunction,
  args: readonly unknown[],
): void {
  new Functions(functions).nameOf(fn);
  storable(args, 'args');
}

/** Puts the items of an array into the journal. A subscriber may cancel the group meanwhile. */
export function recordSupply(recorder: Recorder, group: Group, pieces: StoredCall['supply']): void {
  for (const items of pieces) {
    if (group.source !== 'open') return;
    recorder.record(Code.groupSupplied, group, 0, { group: group.name, items });
  }
}

type StoredGiven = Omit<StoredCall, 'functionName'>;

function storeArgs(args: readonly unknown[], times: number): StoredGiven {
  const stored = storable(args, 'args') as readonly Json[];
  return { storage: { args: stored }, supply: [], feed: new RepeatFeed(stored, times) };
}

/** The items of an array are stored at once, those of other sources one by one as they are pulled. */
function storeItems(items: Items<unknown>): StoredGiven {
  if (!Array.isArray(items)) {
    return {
      storage: { items: 'queued' },
      supply: [],
      feed: (group, onReady) => new StoringFeed(group, feedOf(items, onReady)),
    };
  }
  const stored = storable(items, 'items') as readonly Json[];
  const supply: Json[][] = [];
  for (let from = 0; from < stored.length; from += CHUNK) {
    supply.push(stored.slice(from, from + CHUNK));
  }
  return {
    storage: { items: 'supplied' },
    supply,
    feed: (group) => new SupplyFeed(group.stored as StoredItems, SPENT),
  };
}

/** What is stored already, and then what another feed gives. */
export class SupplyFeed implements Feed {
  readonly #stored: StoredItems;
  readonly #rest: Feed;
  #isClosed = false;

  constructor(stored: StoredItems, rest: Feed) {
    this.#stored = stored;
    this.#rest = rest;
  }

  get isSpent(): boolean {
    return this.#isClosed || (this.#stored.numLeft === 0 && this.#rest.isSpent);
  }

  /** The first of the supply: it leaves it with the event that a task was made of it. */
  next(): unknown {
    if (this.#isClosed) return DONE;
    return this.#stored.numLeft > 0 ? this.#stored.first : this.#rest.next();
  }

  close(): void {
    this.#isClosed = true;
    this.#rest.close();
  }
}

/** The items of another feed, in the form in which they are stored. */
export class StoringFeed implements Feed {
  readonly #group: Group;
  readonly #items: Feed;

  constructor(group: Group, items: Feed) {
    this.#group = group;
    this.#items = items;
  }

  get isSpent(): boolean {
    return this.#items.isSpent;
  }

  next(): unknown {
    const item = this.#items.next();
    if (item === DONE || item === PENDING) return item;
    try {
      return storable(item, `items[${this.#group.created}]`);
    } catch (error) {
      this.#items.close();
      throw error;
    }
  }

  close(): void {
    this.#items.close();
  }
}
