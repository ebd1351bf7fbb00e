/** Which parts of a call go into the journal, so that another process can continue it. */

import { Code } from '../../events/event-codes.ts';
import type { KeptResult } from '../../events/event-columns.ts';
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

/** The most items and bytes of one event; a larger item has an event of its own. */
export const PIECE = { items: 1000, bytes: 256 * 1024 };

/**
 * Converts a call so that another process can continue it.
 *
 * @throws NotStorable
 */
export function storeCall(functions: Functions, call: Call): StoredCall {
  const { method, fn, given, planned, options } = call;
  const functionName = functions.nameOf(fn);
  const { pieces, ...stored } =
    method === 'apply' || method === 'start'
      ? storeArgs(given as readonly unknown[], planned as number)
      : storeItems(given as Items<unknown>, call.prefetch);
  const needs = needsOf(options);
  const storage: GroupStorage = {
    ...stored.storage,
    ...(options.passContext === false ? { passContext: false } : {}),
    ...(needs.length === 0 ? {} : { needs }),
  };
  return {
    ...stored,
    functionName,
    storage,
    eventsOf: (group) => [
      { code: Code.groupCreated, subject: group, n: 0, detail: group.identity },
      ...pieces.map((piece) => supplyEvent(group, piece)),
    ],
  };
}

/** The names of options that are functions with an influence on tasks, which a recovery must be given again. */
export function needsOf(options: GroupOptions): string[] {
  const functions = {
    isCancellation: options.isCancellation,
    'retry.when': whenOf(options),
  };
  return Object.entries(functions).flatMap(([name, given]) => (given === undefined ? [] : [name]));
}

/**
 * Throws if a call of a function with these arguments cannot be stored.
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

/** A result in a `task.ended`: omitted if JSON would change it or it is larger than `maxBytes`. */
export function kept(value: unknown, maxBytes: number | null): KeptResult {
  if (value === undefined) return {};
  const json = keepable(value, maxBytes);
  return json === undefined ? { omitted: true } : { value: json };
}

/** The value as JSON data; undefined if JSON would change it or it is larger than `maxBytes`. */
export function keepable(value: unknown, maxBytes: number | null): Json | undefined {
  try {
    const most = maxBytes ?? Number.POSITIVE_INFINITY;
    const json = storable(value, 'value', most);
    return checkSize(json, 'value') <= most ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the journal ends within the call that created a group, so that the call does not count. */
export function isCallIncomplete({ identity, source, created, stored }: GroupRecord): boolean {
  const { planned = 0, storage } = identity.kind;
  if (source !== 'open' || storage?.items !== 'supplied' || created > 0) return false;
  return (stored?.numLeft ?? 0) < planned;
}

interface StoredGiven extends Omit<StoredCall, 'functionName' | 'eventsOf'> {
  /** The items of an array, those of one event each. */
  readonly pieces: readonly (readonly Json[])[];
}

function storeArgs(args: readonly unknown[], times: number): StoredGiven {
  const stored = storable(args, 'args') as readonly Json[];
  checkSize(stored, 'args');
  return {
    storage: { args: stored },
    items: new StoredItems(stored),
    feed: () => new RepeatFeed(stored, times),
    pieces: [],
  };
}

/** The items of an array are stored with the call, those of other sources one by one when they are pulled. */
function storeItems(given: Items<unknown>, prefetch: number | undefined): StoredGiven {
  const items = new StoredItems(undefined);
  if (!Array.isArray(given)) {
    return {
      storage: { items: 'queued' },
      items,
      feed: (group, onReady) => new StoringFeed(group, feedOf(given, onReady, prefetch)),
      pieces: [],
    };
  }
  const pieces = piecesOf(storable(given, 'items') as readonly Json[]);
  return {
    storage: { items: 'supplied' },
    items,
    feed: () => new SupplyFeed(items, SPENT),
    pieces,
  };
}

function supplyEvent(group: GroupRecord, items: readonly Json[]): Recording {
  const detail = { group: group.name, items };
  return { code: Code.groupSupplied, subject: group, n: 0, detail };
}

/** Splits items into pieces, one for each event. */
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

/** The stored items, then those of another feed. */
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

  /** The first stored item; it is removed when the event of its task is applied. */
  next(): unknown {
    if (this.#isClosed) return DONE;
    return this.#stored.numLeft > 0 ? this.#stored.first : this.#rest.next();
  }

  close(): void {
    this.#isClosed = true;
    this.#rest.close();
  }
}

/** The items of another feed, converted to their stored form. */
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
