/** What of a call goes into the journal, so that another process can continue its work. */

import { Code } from '../../event-table.ts';
import type { Json } from '../../events.ts';
import type { GroupStorage } from '../../machines/records.ts';
import type { StoredItems } from '../../machines/stored-items.ts';
import type { Group } from '../engine/live.ts';
import { DONE, type Feed, feedOf, PENDING, RepeatFeed, SPENT } from '../feeds/feed.ts';
import type { FeedMaker, GroupRequest } from '../feeds/group-request.ts';
import type { Recording } from '../persistence/persister.ts';
import type { AnyFunction, Items, TaskFunctions } from '../task-types.ts';
import { Functions } from './functions.ts';
import { checkSize, storable } from './storable.ts';

/** What one event holds at the most; a larger item is alone in its event. */
const PIECE = { items: 1000, bytes: 256 * 1024 };

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
 * Makes a call one that another process can continue.
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
  checkSize(storable(args, 'args'), 'args');
}

/**
 * The events that hold the items of an array. They are recorded together with the one that says that
 * the group was made: a journal that was cut off within them is cut off within the call, and nobody
 * was notified of any of it.
 */
export function supplyEvents(group: Group, pieces: StoredCall['supply']): Recording[] {
  return pieces.map((items) => {
    const detail = { group: group.name, items };
    return { code: Code.groupSupplied, subject: group, n: 0, detail };
  });
}

/** Whether a journal was cut off within the call that made a group, so that the call never was. */
export function isCallIncomplete({ identity, source, created, stored }: Group): boolean {
  const { planned = 0, storage } = identity.kind;
  if (source !== 'open' || storage?.items !== 'supplied' || created > 0) return false;
  return (stored?.numLeft ?? 0) < planned;
}

type StoredGiven = Omit<StoredCall, 'functionName'>;

function storeArgs(args: readonly unknown[], times: number): StoredGiven {
  const stored = storable(args, 'args') as readonly Json[];
  checkSize(stored, 'args');
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
  return {
    storage: { items: 'supplied' },
    supply: piecesOf(stored),
    feed: (group) => new SupplyFeed(group.stored as StoredItems, SPENT),
  };
}

/** The pieces in which events tell of items. */
function piecesOf(items: readonly Json[]): Json[][] {
  const pieces: Json[][] = [];
  let piece: Json[] = [];
  let size = 0;
  for (const [index, item] of items.entries()) {
    const added = checkSize(item, `items[${index}]`);
    const isFull = piece.length === PIECE.items || size + added > PIECE.bytes;
    if (piece.length === 0 || isFull) {
      piece = [];
      size = 0;
      pieces.push(piece);
    }
    piece.push(item);
    size += added;
  }
  return pieces;
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
      const path = `items[${this.#group.created}]`;
      const stored = storable(item, path);
      checkSize(stored, path);
      return stored;
    } catch (error) {
      this.#items.close();
      throw error;
    }
  }

  close(): void {
    this.#items.close();
  }
}
