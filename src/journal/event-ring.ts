/**
 * The most recent events as columns, in chunks that are filled in turn; the oldest chunk is reused
 * when the ring is full. Appending allocates nothing.
 */

import { decode, type EventCode } from '../event-table.ts';
import type { PoolEvent } from '../events.ts';

const CHUNK = 4096;

/** One run of events in columns. */
class Chunk {
  readonly codes: Uint8Array;
  readonly ats: Float64Array;
  readonly ids: Float64Array;
  readonly ns: Float64Array;
  readonly details: unknown[];

  constructor(length: number) {
    this.codes = new Uint8Array(length);
    this.ats = new Float64Array(length);
    this.ids = new Float64Array(length);
    this.ns = new Float64Array(length);
    this.details = new Array<unknown>(length).fill(undefined);
  }
}

export class EventRing {
  /** How many events it holds at the most. */
  readonly size: number;
  /** The `seq` of the next event. */
  nextSeq = 0;
  /** Called after each append, while somebody waits for one. */
  onAppend: (() => void) | undefined = undefined;

  readonly #chunkLength: number;
  /** The first `seq` ever appended: chunks are counted from it. */
  #origin = 0;
  /** The number of the first chunk that is held. */
  #firstChunk = 0;
  #chunks: Chunk[] = [];
  #current: Chunk | undefined = undefined;
  /** The next free place in the current chunk. */
  #place = 0;
  /** Events from this `seq` on must not go. */
  #pinned = Number.POSITIVE_INFINITY;

  constructor(size: number) {
    this.size = size;
    this.#chunkLength = Math.min(CHUNK, size);
  }

  /** The `seq` of the first event it still holds; `nextSeq` when it holds none. */
  get firstSeq(): number {
    const held = this.#origin + this.#firstChunk * this.#chunkLength;
    return Math.max(held, Math.min(this.nextSeq - this.size, this.#pinned));
  }

  /** Starts counting at another `seq` than 0; only while nothing was appended. */
  startAt(seq: number): void {
    this.#origin = seq;
    this.nextSeq = seq;
  }

  /** Keeps the events from a `seq` on, however many they become; earlier ones may go. */
  pin(seq: number): void {
    this.#pinned = seq;
  }

  append(code: EventCode, at: number, id: number, n: number, detail: unknown): void {
    let chunk = this.#current;
    if (chunk === undefined || this.#place === this.#chunkLength) chunk = this.#nextChunk();
    const place = this.#place++;
    chunk.codes[place] = code;
    chunk.ats[place] = at;
    chunk.ids[place] = id;
    chunk.ns[place] = n;
    chunk.details[place] = detail;
    this.nextSeq++;
    if (this.onAppend !== undefined) this.onAppend();
  }

  /** The event with a `seq` from `firstSeq` up to before `nextSeq`. */
  event(pool: string, seq: number): PoolEvent {
    const offset = seq - this.#origin;
    const place = offset % this.#chunkLength;
    const chunk = this.#chunks[Math.floor(offset / this.#chunkLength) - this.#firstChunk] as Chunk;
    return decode(
      pool,
      seq,
      chunk.ats[place] as number,
      chunk.codes[place] as EventCode,
      chunk.ids[place] as number,
      chunk.ns[place] as number,
      chunk.details[place],
    );
  }

  #nextChunk(): Chunk {
    const spare = this.#dropOldest();
    const chunk = spare ?? new Chunk(this.#chunkLength);
    this.#chunks.push(chunk);
    this.#current = chunk;
    this.#place = 0;
    return chunk;
  }

  /** Lets go what is too much; one of the chunks that are free then can be used again. */
  #dropOldest(): Chunk | undefined {
    let spare: Chunk | undefined;
    while (this.#isOldestFree()) {
      spare = this.#chunks.shift();
      this.#firstChunk++;
    }
    return spare;
  }

  #isOldestFree(): boolean {
    // One chunk more than the size asks for: the oldest is only partly needed.
    const tooMany = this.#chunks.length * this.#chunkLength >= this.size + this.#chunkLength;
    return tooMany && this.#origin + (this.#firstChunk + 1) * this.#chunkLength <= this.#pinned;
  }
}
