/** Which parts of a call go into the journal, so that another process can continue it. */

import { Code } from '../../events/event-codes.ts';
import type { Json } from '../../events/events.ts';
import type { GroupStorage } from '../../machines/group-identity.ts';
import type { GroupRecord } from '../../machines/records.ts';
import { StoredItems } from '../../machines/stored-items.ts';
import { whenOf } from '../attempt/policy.ts';
import type { Recording } from '../door/persister.ts';
import { DONE, type Feed, PENDING, RepeatFeed, SPENT } from '../feeds/feed.ts';
import { feedOf } from '../feeds/items-feed.ts';
import type { AnyFunction, Items, TaskFunctions } from '../functions/task-types.ts';
import type { GroupOptions } from '../options/group-options.ts';
import type { Call, StoredCall } from '../persistence/journal.ts';
import { Functions } from './functions.ts';
import { checkSize, storable } from './storable.ts';

/** What one event holds at the most; a larger item is alone in its event. */
export const PIECE = { items: 1000, bytes: 256 * 1024 };

/**
 * Makes a call one that another process can continue.
 *
 * @throws NotStorable
 */
export function storeCall(functions: Functions, call: Call): StoredCall {
  const { method, fn, given, planned, options } = call;
  const functionName = functions.nameOf(fn);
  const stored =
    method === 'apply' || method === 'start'
      ? storeArgs(given as readonly unknown[], planned as number)
      : storeItems(given as Items<unknown>, call.prefetch);
  const needs = needsOf(options);
  const storage: GroupStorage = {
    ...stored.storage,
    ...(options.passContext === false ? { passContext: false } : {}),
    ...(needs.length === 0 ? {} : { needs }),
  };
  return { ...stored, functionName, storage };
}

/** The options that are functions and decide something: a recovery has to be given them again. */
export function needsOf(options: GroupOptions): string[] {
  const functions = {
    isCancellation: options.isCancellation,
    'retry.when': whenOf(options),
  };
  return Object.entries(functions).flatMap(([name, given]) => (given === undefined ? [] : [name]));
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

/** What JSON makes of a value without losing or changing any of it; undefined if it would. */
export function keepable(value: unknown, maxBytes: number | null): Json | undefined {
  try {
    const json = storable(value, 'value');
    const size = checkSize(json, 'value');
    return maxBytes === null || size <= maxBytes ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a journal was cut off within the call that made a group, so that the call never was. */
export function isCallIncomplete({ identity, source, created, stored }: GroupRecord): boolean {
  const { planned = 0, storage } = identity.kind;
  if (source !== 'open' || storage?.items !== 'supplied' || created > 0) return false;
  return (stored?.numLeft ?? 0) < planned;
}

type StoredGiven = Omit<StoredCall, 'functionName'>;

function storeArgs(args: readonly unknown[], times: number): StoredGiven {
  const stored = storable(args, 'args') as readonly Json[];
  checkSize(stored, 'args');
  return {
    storage: { args: stored },
    items: new StoredItems(stored),
    feed: () => new RepeatFeed(stored, times),
    supplyEvents: () => [],
  };
}

/** The items of an array are stored at once, those of other sources one by one as they are pulled. */
function storeItems(given: Items<unknown>, prefetch: number | undefined): StoredGiven {
  const items = new StoredItems(undefined);
  if (!Array.isArray(given)) {
    return {
      storage: { items: 'queued' },
      items,
      feed: (group, onReady) => new StoringFeed(group, feedOf(given, onReady, prefetch)),
      supplyEvents: () => [],
    };
  }
  const pieces = piecesOf(storable(given, 'items') as readonly Json[]);
  return {
    storage: { items: 'supplied' },
    items,
    feed: () => new SupplyFeed(items, SPENT),
    supplyEvents: (group) => pieces.map((piece) => supplyEvent(group, piece)),
  };
}

function supplyEvent(group: GroupRecord, items: readonly Json[]): Recording {
  const detail = { group: group.name, items };
  return { code: Code.groupSupplied, subject: group, n: 0, detail };
}

/** The pieces in which events hold items. */
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

  get isQuick(): boolean {
    return this.#stored.numLeft > 0 || this.#rest.isQuick === true;
  }

  get hasMore(): boolean {
    return this.#stored.numLeft > 1;
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
  readonly #group: GroupRecord;
  readonly #items: Feed;

  constructor(group: GroupRecord, items: Feed) {
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
