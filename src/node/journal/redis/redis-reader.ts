/** Reads a journal in Redis and checks it. */

import { type PoolEvent, StoreCorrupt, StorePruned } from '../../../index.ts';
import { batchCrc } from '../batch-crc.ts';
import { snapshotCrc } from '../crc32.ts';
import { SnapshotReplaced, type StoredSnapshot } from '../file-medium.ts';
import { eventsOf } from '../form/read-batch.ts';
import {
  boundsOf,
  type Checkpoint,
  parseCheckpoint,
  parseEntryId,
  type StreamBounds,
} from './bounds.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { LOOK } from './scripts.ts';

/** The approximate number of events per request. */
const CHUNK = 4096;

/** An entry of a stream: its id, and its fields with their values. */
type Entry = readonly [id: string, fields: readonly string[]];

export class RedisReader {
  readonly #link: RedisLink;
  readonly #keys: Keys;
  /** The journal in messages. */
  readonly #where: string;

  constructor(link: RedisLink, keys: Keys, where: string) {
    this.#link = link;
    this.#keys = keys;
    this.#where = where;
  }

  async bounds(): Promise<StreamBounds> {
    const { events, meta, lock } = this.#keys;
    return boundsOf(await this.#link.run(LOOK, [events, meta, lock], []), this.#where);
  }

  /** Reads a range in batches: the first may begin before the range, and the last may end after it. */
  async *read(fromSeq: number, toSeq: number): AsyncGenerator<PoolEvent[]> {
    let next = fromSeq;
    let count = CHUNK;
    while (next <= toSeq) {
      const limit = Math.max(1, Math.floor(CHUNK / count));
      const entries = await this.#entries(next, limit);
      if (entries.length === 0) throw await this.#missing(next);
      for (const entry of entries) {
        const events = await this.#checked(entry, next);
        yield events;
        count = events.length;
        next = (events.at(-1)?.seq ?? next) + 1;
        if (next > toSeq) return;
      }
    }
  }

  /** The ids of batches are derived from their last events. */
  async #entries(fromSeq: number, limit: number): Promise<readonly Entry[]> {
    const { events } = this.#keys;
    const answer = this.#link.ask('XRANGE', events, `${fromSeq}-0`, '+', 'COUNT', limit);
    return (await answer) as readonly Entry[];
  }

  /** The events of a batch that contains or begins with an event. */
  async #checked([id, fields]: Entry, seq: number): Promise<PoolEvent[]> {
    const place = parseEntryId(id);
    if (place === undefined || place.first > seq || place.last < seq)
      throw await this.#missing(seq);
    const { first, last } = place;
    const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    const [context, rows] = [field('context'), field('rows')];
    if (field('crc') !== String(batchCrc(first, last, context, rows))) {
      throw new StoreCorrupt(
        `expected the events from ${first} to ${last}, got some with a wrong checksum: ${this.#where}`,
        first,
      );
    }
    return eventsOf({ context, rows }, first, last);
  }

  /** The reason why there is no batch with an event. */
  async #missing(seq: number): Promise<Error> {
    const { firstSeq } = await this.bounds();
    if (seq >= firstSeq) {
      return new StoreCorrupt(`expected event ${seq}, got none: ${this.#where}`, seq);
    }
    return new StorePruned(
      `expected a seq of at least ${firstSeq}, the first event held, got ${seq}`,
    );
  }

  /** The checkpoint recorded in a text. */
  snapshot(noted: string): StoredSnapshot {
    const checkpoint = parseCheckpoint(noted, this.#where);
    return { seq: checkpoint.seq, parts: this.#parts(checkpoint, noted) };
  }

  async *#parts({ seq, draft, parts }: Checkpoint, noted: string): AsyncGenerator<string> {
    const key = this.#keys.checkpoint(draft);
    for (let place = 0; place < parts; place++) {
      const text = (await this.#link.ask('LINDEX', key, place)) as string | null;
      const part = text === null ? undefined : parsePart(seq, place, text);
      if (part === undefined) {
        // The parts of a replaced checkpoint are removed.
        if ((await this.bounds()).checkpoint !== noted) throw new SnapshotReplaced();
        throw new StoreCorrupt(
          `expected the snapshot of event ${seq}, got one with a wrong checksum: ${this.#where}`,
          seq,
        );
      }
      yield part;
    }
  }
}

/** Encodes a part with its checksum, which includes its position. */
export function partText(seq: number, place: number, part: string): string {
  return `${snapshotCrc(seq, `${place} ${part}`)} ${part}`;
}

/** Returns undefined if it is damaged. */
function parsePart(seq: number, place: number, text: string): string | undefined {
  const part = text.slice(text.indexOf(' ') + 1);
  return partText(seq, place, part) === text ? part : undefined;
}
