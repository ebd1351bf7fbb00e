/** The remaining items of a recovered group. */

import { SourceNotSeekable } from '../../errors.ts';
import { checkIterable } from '../../kit/checks.ts';
import { quoted } from '../../kit/printed.ts';
import type { StoredItems } from '../../machines/stored-items.ts';
import { type Feed, RepeatFeed, SPENT } from '../feeds/feed.ts';
import { feedOf } from '../feeds/items-feed.ts';
import type { Items } from '../functions/task-types.ts';
import type { Group } from '../live/live.ts';
import { StoringFeed, SupplyFeed } from '../storing/storing.ts';
import type { RecoverySource, Seekable } from './recovery-options.ts';

/** The feed of a group whose source is still open, from the item where it stopped. */
export function recoveredFeed(
  group: Group,
  source: RecoverySource | undefined,
  onReady: () => void,
): Feed {
  const { created, identity } = group;
  const { planned, storage } = identity.kind;
  if (storage?.args !== undefined) return new RepeatFeed(storage.args, (planned ?? 0) - created);
  const stored = group.stored as StoredItems;
  const from = created + stored.numLeft;
  const isComplete = planned !== undefined && from >= planned;
  if (isComplete) return new SupplyFeed(stored, SPENT);
  const rest = new LateFeed(() => open(group, source, from, onReady));
  return new SupplyFeed(stored, new StoringFeed(group, rest));
}

function open(
  group: Group,
  source: RecoverySource | undefined,
  from: number,
  onReady: () => void,
): Feed {
  if (source !== undefined) return feedOf(itemsFrom(source, from), onReady);
  throw new SourceNotSeekable(
    `expected sources[${quoted(group.name)}] to continue at item ${from}, got none, ` +
      'and the journal does not hold the rest',
  );
}

/** The items of a source from an index on. */
function itemsFrom(source: RecoverySource, from: number): Items<unknown> {
  if (typeof source === 'function') return checked(source(from));
  const object = Object(source) as object;
  if ('seek' in object) return checked((source as Seekable).seek(from));
  if (Symbol.asyncIterator in object) return skipAsync(source as AsyncIterable<unknown>, from);
  return skip(source as Iterable<unknown>, from);
}

function checked(items: Items<unknown>): Items<unknown> {
  checkIterable('what a source gives', items);
  return items;
}

function* skip(items: Iterable<unknown>, from: number): Generator<unknown> {
  // Iterating over ten million items of an array would block the event loop for 0.1 s.
  if (Array.isArray(items)) {
    checkLength(Math.min(items.length, from), from);
    for (let index = from; index < items.length; index++) yield items[index];
    return;
  }
  let index = 0;
  for (const item of items) if (index++ >= from) yield item;
  checkLength(index, from);
}

async function* skipAsync(items: AsyncIterable<unknown>, from: number): AsyncGenerator<unknown> {
  let index = 0;
  for await (const item of items) if (index++ >= from) yield item;
  checkLength(index, from);
}

function checkLength(length: number, from: number): void {
  if (length >= from) return;
  throw new SourceNotSeekable(
    `expected a source of at least ${from} items, which were taken before, got one of ${length}`,
  );
}

/** A feed that is created at the first pull, since creating it may run user code. */
class LateFeed implements Feed {
  #make: (() => Feed) | undefined;
  #feed: Feed = SPENT;

  constructor(make: () => Feed) {
    this.#make = make;
  }

  get isSpent(): boolean {
    return this.#make === undefined && this.#feed.isSpent;
  }

  next(): unknown {
    const make = this.#make;
    if (make !== undefined) {
      this.#make = undefined;
      this.#feed = make();
    }
    return this.#feed.next();
  }

  close(): void {
    this.#make = undefined;
    this.#feed.close();
  }
}
