/** Reads a journal in SQLite and checks it. */

import { type PoolEvent, StoreCorrupt, StorePruned } from '../../../index.ts';
import { batchCrc } from '../batch-crc.ts';
import { crc32, snapshotCrc } from '../crc32.ts';
import { SnapshotReplaced, type StoredSnapshot } from '../file-medium.ts';
import { plainEventsOf } from '../form/plain-events.ts';
import { eventsOf } from '../form/read-batch.ts';
import { textOfBytes } from '../text-of-bytes.ts';
import type { Connection, Driver, Row, Statement } from './connection.ts';
import { patiently } from './patiently.ts';
import { bytesOf, numberOf, textOf } from './row-values.ts';
import type { Tables } from './schema.ts';
import { reading } from './sqlite-errors.ts';
import { ReadStatements, SNAPSHOT_PART } from './statements.ts';

/** The approximate number of events per query. */
const CHUNK = 4096;

/** The range of a journal. */
export interface JournalBounds {
  readonly firstSeq: number;
  readonly nextSeq: number | undefined;
  readonly snapshotSeq: number;
  /** The pools of the first and the last event. */
  readonly pool: string | undefined;
  readonly lastPool: string | undefined;
  /** Set if the batches do not begin or end as recorded, which means damage. */
  readonly damagedAt: number | undefined;
}

interface SnapshotRow {
  readonly seq: number;
  readonly state: string;
}

/** The state column of a snapshot that is stored in parts. */
const DRAFT = /^\{"draft":(\d+),"parts":(\d+)\}$/;

export function draftText(draft: number, parts: number): string {
  return JSON.stringify({ draft, parts });
}

export class SqliteReader {
  readonly #connection: Connection;
  /** Prepared on demand: older journals have no such table. */
  #part: Statement | undefined = undefined;
  readonly #statements: ReadStatements;
  readonly #driver: Driver;
  readonly #path: string;

  constructor(connection: Connection, tables: Tables, driver: Driver, path: string) {
    this.#connection = connection;
    this.#statements = new ReadStatements(connection, tables);
    this.#driver = driver;
    this.#path = path;
  }

  bounds(): JournalBounds {
    const row = this.#attempt(0, () => this.#statements.bounds.get());
    const [firstBatch, lastBatch, firstNoted, lastNoted, snapshotSeq = -1] = [
      'firstBatch',
      'lastBatch',
      'firstNoted',
      'lastNoted',
      'snapshot',
    ].map((column) => numberOf(row, column));
    const last = Math.max(lastBatch ?? -1, lastNoted ?? -1, snapshotSeq);
    const first = Math.min(firstBatch ?? last + 1, firstNoted ?? last + 1);
    const isEmpty = firstBatch === undefined && (lastNoted ?? -1) < (firstNoted ?? 0);
    const isSound = isEmpty || (firstBatch === firstNoted && lastBatch === lastNoted);
    const known = Math.min(lastBatch ?? first - 1, lastNoted ?? first - 1);
    return {
      firstSeq: first,
      nextSeq: last === -1 ? undefined : last + 1,
      snapshotSeq,
      pool: poolOf(textOf(row, 'firstBody')),
      lastPool: poolOf(textOf(row, 'lastBody')),
      damagedAt: isSound ? (known < last && known >= first ? known + 1 : undefined) : known + 1,
    };
  }

  async *read(fromSeq: number, toSeq: number): AsyncGenerator<PoolEvent[]> {
    let next = fromSeq;
    let count = CHUNK;
    while (next <= toSeq) {
      const limit = Math.max(1, Math.floor(CHUNK / count));
      const rows = await this.#patiently(next, () => this.#statements.read.all(next, toSeq, limit));
      if (rows.length === 0) throw this.#missing(next);
      for (const row of rows) {
        const events = this.#checked(row, next);
        yield events;
        count = events.length;
        next = (numberOf(row, 'last') ?? next) + 1;
      }
    }
  }

  async snapshot(): Promise<StoredSnapshot | undefined> {
    const found = await this.#snapshotRow();
    if (found === undefined) return undefined;
    const { seq, state } = found;
    const [, draft, count] = DRAFT.exec(state) ?? [];
    // As written by older versions.
    if (draft === undefined) return { seq, parts: [state] };
    return { seq, parts: this.#parts(found, Number(draft), Number(count)) };
  }

  async #snapshotRow(): Promise<SnapshotRow | undefined> {
    const row = await this.#patiently(0, () => this.#statements.snapshot.get());
    if (row === undefined) return undefined;
    const seq = numberOf(row, 'seq') ?? 0;
    const state = textOf(row, 'state');
    if (row['crc'] !== snapshotCrc(seq, state)) throw this.#damagedSnapshot(seq);
    return { seq, state };
  }

  async *#parts({ seq, state }: SnapshotRow, draft: number, count: number): AsyncGenerator<string> {
    this.#part ??= await this.#patiently(0, () => this.#connection.prepare(SNAPSHOT_PART));
    for (let place = 0; place < count; place++) {
      const row = await this.#patiently(0, () => this.#part?.get(draft, place));
      const part = textOf(row, 'body');
      if (row === undefined || row['crc'] !== crc32(part)) {
        // The parts of a replaced snapshot are removed.
        if ((await this.#snapshotRow())?.state !== state) throw new SnapshotReplaced();
        throw this.#damagedSnapshot(seq);
      }
      yield part;
    }
  }

  #damagedSnapshot(seq: number): StoreCorrupt {
    return new StoreCorrupt(
      `expected the snapshot of event ${seq}, got one with a wrong checksum: ${this.#path}`,
      seq,
    );
  }

  /** The rest of a batch that contains an event but begins before it; undefined if there is none. */
  restOfBatch(seq: number): readonly PoolEvent[] | undefined {
    const [row] = this.#attempt(seq, () => this.#statements.read.all(seq, seq, 1));
    const first = numberOf(row, 'first');
    const last = numberOf(row, 'last');
    if (row === undefined || first === undefined || last === undefined) return undefined;
    if (first >= seq || last < seq) return undefined;
    return this.#checked(row, seq).slice(seq - first);
  }

  /** The start of the last batch up to an event, but not of the very first one. */
  batchNear(seq: number): number | undefined {
    const { firstSeq } = this.bounds();
    const row = this.#attempt(seq, () => this.#statements.batchNear.get(firstSeq, seq, firstSeq));
    return numberOf(row, 'first');
  }

  /** The events of a batch that contains or begins with an event. */
  #checked(row: Row, seq: number): PoolEvent[] {
    const first = numberOf(row, 'first');
    const last = numberOf(row, 'last');
    if (first === undefined || last === undefined || first > seq || last < seq) {
      throw this.#missing(seq);
    }
    const context = textOf(row, 'context');
    const bytes = bytesOf(row, 'rows');
    const rows = textOfBytes(bytes);
    // Batches of older versions have no context.
    const isPlain = context === '';
    const crc = isPlain ? crc32(`[${rows}]`) : batchCrc(first, last, context, bytes);
    if (row['crc'] !== crc) {
      throw new StoreCorrupt(
        `expected the events from ${first} to ${last}, got some with a wrong checksum: ${this.#path}`,
        first,
      );
    }
    if (isPlain) return plainEventsOf(`[${rows}]`, first, last);
    return eventsOf({ context, rows }, first, last);
  }

  /** The reason why there is no batch with an event. */
  #missing(seq: number): Error {
    const { firstSeq } = this.bounds();
    if (seq < firstSeq) {
      return new StorePruned(
        `expected a seq of at least ${firstSeq}, the first event held, got ${seq}`,
      );
    }
    return new StoreCorrupt(`expected event ${seq}, got none: ${this.#path}`, seq);
  }

  /** The database is locked briefly when the writer opens or closes it. */
  #patiently<T>(seq: number, step: () => T): Promise<T> {
    return patiently(this.#driver, () => this.#attempt(seq, step));
  }

  #attempt<T>(seq: number, step: () => T): T {
    return reading(step, this.#driver, this.#path, seq);
  }
}

/** The pool of an event, or of the context of a batch. */
function poolOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { readonly pool: string }).pool;
  } catch {
    return undefined;
  }
}
