/**
 * The most recent events as columns, in chunks that are filled in turn; the oldest chunk is reused
 * when the ring is full. Appending allocates nothing.
 */

import { Code, decode, type EventCode, GROUP_CODES } from '../events/event-codes.ts';
import type { PoolEvent } from '../events/events.ts';
import { Chunk, NUMBERS } from './chunk.ts';
import { weightOf } from './weight.ts';

const { taskEnded } = Code;

const CHUNK = 4096;

export class EventRing {
  /** The most events that it holds. */
  readonly size: number;
  #bytes: number;
  /** The `seq` of the next event. */
  nextSeq = 0;
  /** The total weight of all events ever appended. */
  totalWeight = 0;
  /** Called after each append, while a reader waits. */
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
  /** The weight of all events in held chunks. */
  #weight = 0;
  /** Events before this `seq` were released because of their weight. */
  #released = 0;
  /** The last detail of a task event that weighs nothing: most events have the same as the previous one. */
  #light: unknown = undefined;
  /** Events from this `seq` on must be kept: the lowest of all pins. */
  #pinned = Number.POSITIVE_INFINITY;
  readonly #pins = new Map<object, number>();

  constructor(size: number, bytes: number) {
    this.size = size;
    this.#bytes = bytes;
    this.#chunkLength = Math.min(CHUNK, size);
  }

  /** The most user data that the events may hold, in characters of JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  set bytes(bytes: number) {
    this.#bytes = bytes;
    if (this.#weight > bytes) this.#releaseHeavy();
  }

  /** The `seq` of the first event it still holds; `nextSeq` when it holds none. */
  get firstSeq(): number {
    const held = this.#origin + this.#firstChunk * this.#chunkLength;
    const bySize = Math.max(held, Math.min(this.nextSeq - this.size, this.#pinned));
    return Math.max(bySize, this.#released);
  }

  /** Sets the first `seq`; only before anything was appended. */
  startAt(seq: number): void {
    this.#origin = seq;
    this.nextSeq = seq;
  }

  /**
   * Keeps all events from a `seq` on for `by`, beyond the limits if need be, and no longer earlier ones; `Infinity`
   * releases all.
   */
  pin(by: object, seq: number): void {
    if (seq === Number.POSITIVE_INFINITY) this.#pins.delete(by);
    else this.#pins.set(by, seq);
    this.#pinned = Number.POSITIVE_INFINITY;
    for (const pinned of this.#pins.values()) this.#pinned = Math.min(this.#pinned, pinned);
    if (this.#weight > this.#bytes) this.#releaseHeavy();
  }

  append(code: EventCode, at: number, id: number, n: number, detail: unknown): void {
    let chunk = this.#current;
    if (chunk === undefined || this.#place === this.#chunkLength) chunk = this.#nextChunk();
    const place = this.#place++;
    chunk.put(place, code, at, id, n, detail);
    this.nextSeq++;
    const isLight = detail === undefined || detail === this.#light;
    if (!isLight || code >= GROUP_CODES) this.#weigh(chunk, place, code, detail);
    if (this.#weight > this.#bytes) this.#releaseHeavy();
    if (this.onAppend !== undefined) this.onAppend();
  }

  /**
   * Appends the events of a relay: a `task.ended` with `n` and `detail`, and two more. Their details weigh nothing.
   */
  appendRelay(
    at: number,
    ended: number,
    n: number,
    detail: unknown,
    code2: EventCode,
    id2: number,
    n2: number,
    detail2: unknown,
    code3: EventCode,
    id3: number,
    n3: number,
    detail3: unknown,
  ): void {
    const chunk = this.#current;
    const place = this.#place;
    if (chunk === undefined || place + 3 > this.#chunkLength) {
      this.append(taskEnded, at, ended, n, detail);
      this.append(code2, at, id2, n2, detail2);
      this.append(code3, at, id3, n3, detail3);
      return;
    }
    // biome-ignore format: an event in each line
    chunk.putThree(place, at,
      taskEnded, ended, n, detail,
      code2, id2, n2, detail2,
      code3, id3, n3, detail3);
    this.#place = place + 3;
    this.nextSeq += 3;
    if (this.onAppend !== undefined) this.onAppend();
  }

  /** The event with a `seq` from `firstSeq` to `nextSeq - 1`. */
  event(pool: string, seq: number): PoolEvent {
    const { codes, numbers, details } = this.chunkOf(seq);
    const place = this.placeOf(seq);
    const first = NUMBERS * place;
    return decode(
      pool,
      seq,
      numbers[first] as number,
      codes[place] as EventCode,
      numbers[first + 1] as number,
      numbers[first + 2] as number,
      details[place],
    );
  }

  /** Releases everything. */
  clear(): void {
    this.#origin = this.nextSeq;
    this.#firstChunk = 0;
    this.#chunks = [];
    this.#current = undefined;
    this.#weight = 0;
  }

  /** The chunk that holds the event with this `seq`, and its place there. */
  chunkOf(seq: number): Chunk {
    const number = Math.floor((seq - this.#origin) / this.#chunkLength);
    return this.#chunks[number - this.#firstChunk] as Chunk;
  }

  placeOf(seq: number): number {
    return (seq - this.#origin) % this.#chunkLength;
  }

  #weigh(chunk: Chunk, place: number, code: EventCode, detail: unknown): void {
    const weight = weightOf(code, detail);
    if (weight === 0) {
      this.#light = detail;
      return;
    }
    chunk.weigh(place, weight);
    this.#weight += weight;
    this.totalWeight += weight;
  }

  /** Releases the oldest events until the others are light enough. The newest one always stays. */
  #releaseHeavy(): void {
    const end = Math.min(this.nextSeq - 1, this.#pinned);
    let seq = Math.max(this.#released, this.#origin + this.#firstChunk * this.#chunkLength);
    for (; seq < end && this.#weight > this.#bytes; seq++) this.#releaseOne(seq);
    this.#released = Math.max(this.#released, seq);
  }

  #releaseOne(seq: number): void {
    const chunk = this.chunkOf(seq);
    const place = this.placeOf(seq);
    const weight = chunk.weightOf(place);
    chunk.details[place] = undefined;
    if (weight > 0) chunk.weigh(place, 0);
    chunk.weight -= weight;
    this.#weight -= weight;
  }

  #nextChunk(): Chunk {
    const spare = this.#dropOldest();
    const chunk = spare ?? new Chunk(this.#chunkLength);
    this.#chunks.push(chunk);
    this.#current = chunk;
    this.#place = 0;
    return chunk;
  }

  /** Drops chunks beyond the size; returns one of them for reuse. */
  #dropOldest(): Chunk | undefined {
    let spare: Chunk | undefined;
    while (this.#isOldestFree()) {
      spare = this.#chunks.shift();
      this.#firstChunk++;
      if (spare !== undefined && spare.weight > 0) {
        this.#weight -= spare.weight;
        spare.clear();
      }
    }
    return spare;
  }

  #isOldestFree(): boolean {
    // One chunk more than the size requires, since the oldest is only partly needed.
    const tooMany = this.#chunks.length * this.#chunkLength >= this.size + this.#chunkLength;
    return tooMany && this.#origin + (this.#firstChunk + 1) * this.#chunkLength <= this.#pinned;
  }
}
