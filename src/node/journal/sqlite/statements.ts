/** The statements that a journal is written and read with. */

import { isAnyArrayBuffer, isUint8Array } from 'node:util/types';
import type { Connection, Row, Statement } from './connection.ts';

const BOUNDS = `
SELECT (SELECT min(first) FROM batch) AS firstBatch, (SELECT max(last) FROM batch) AS lastBatch,
  (SELECT min(seq) FROM event) AS firstEvent, (SELECT max(seq) FROM event) AS lastEvent,
  (SELECT max(seq) FROM snapshot) AS snapshot,
  (SELECT CAST(body AS BLOB) FROM event ORDER BY seq LIMIT 1) AS firstBody,
  (SELECT CAST(body AS BLOB) FROM event ORDER BY seq DESC LIMIT 1) AS lastBody`;

/** From the batch that holds a seq on. One statement sees one state, whatever is pruned meanwhile. */
const READ = `
SELECT first, last, crc, (
  SELECT CAST(group_concat(body, ',' ORDER BY seq) AS BLOB)
  FROM event WHERE seq BETWEEN first AND last
) AS bodies
FROM batch
WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), ?1) AND first <= ?2
ORDER BY first LIMIT ?3`;

const BODIES =
  'SELECT CAST(body AS BLOB) AS body FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq';

const SNAPSHOT =
  'SELECT seq, CAST(state AS BLOB) AS state, crc FROM snapshot ORDER BY seq DESC LIMIT 1';

/** The last batch after a first one up to a seq, or else the next one after the first. */
const BATCH_NEAR = `
SELECT coalesce(
  (SELECT max(first) FROM batch WHERE first > ? AND first <= ?),
  (SELECT min(first) FROM batch WHERE first > ?)
) AS first`;

/** Either driver binds only few values fast, so all events of a batch are bound as one. */
const INSERT_ALL = 'INSERT INTO event (seq, body) SELECT ?1 + key, value FROM json_each(?2)';

/** A part of a snapshot. */
export const SNAPSHOT_PART =
  'SELECT CAST(body AS BLOB) AS body, crc FROM snapshot_part WHERE draft = ? AND part = ?';

/** What reads. */
export class ReadStatements {
  readonly bounds: Statement;
  readonly read: Statement;
  readonly bodies: Statement;
  readonly batchNear: Statement;
  readonly snapshot: Statement;

  constructor(connection: Connection) {
    const prepare = (sql: string): Statement => connection.prepare(sql);
    this.bounds = prepare(BOUNDS);
    this.read = prepare(READ);
    this.bodies = prepare(BODIES);
    this.batchNear = prepare(BATCH_NEAR);
    this.snapshot = prepare(SNAPSHOT);
  }
}

/** What writes, besides. */
export class WriteStatements {
  readonly begin: Statement;
  readonly commit: Statement;
  readonly rollback: Statement;
  readonly insertAll: Statement;
  readonly insertOne: Statement;
  readonly insertBatch: Statement;
  readonly deleteEvents: Statement;
  readonly deleteBatches: Statement;
  readonly insertSnapshot: Statement;
  readonly deleteSnapshots: Statement;
  readonly newestDraft: Statement;
  readonly insertPart: Statement;
  readonly staleParts: Statement;
  readonly deleteParts: Statement;
  readonly ownToken: Statement;

  constructor(connection: Connection) {
    const prepare = (sql: string): Statement => connection.prepare(sql);
    this.begin = prepare('BEGIN IMMEDIATE');
    this.commit = prepare('COMMIT');
    this.rollback = prepare('ROLLBACK');
    this.insertAll = prepare(INSERT_ALL);
    this.insertOne = prepare('INSERT INTO event (seq, body) VALUES (?, ?)');
    this.insertBatch = prepare('INSERT INTO batch (first, last, crc) VALUES (?, ?, ?)');
    this.deleteEvents = prepare('DELETE FROM event WHERE seq < ?');
    this.deleteBatches = prepare('DELETE FROM batch WHERE first < ?');
    this.insertSnapshot = prepare(
      'INSERT OR REPLACE INTO snapshot (seq, state, crc) VALUES (?, ?, ?)',
    );
    this.deleteSnapshots = prepare('DELETE FROM snapshot WHERE seq < ?');
    this.newestDraft = prepare('SELECT max(draft) AS draft FROM snapshot_part');
    this.insertPart = prepare(
      'INSERT INTO snapshot_part (draft, part, body, crc) VALUES (?, ?, ?, ?)',
    );
    this.staleParts = prepare('SELECT draft FROM snapshot_part WHERE draft <> ? LIMIT 1');
    this.deleteParts = prepare(
      'DELETE FROM snapshot_part WHERE rowid IN (SELECT rowid FROM snapshot_part WHERE draft <> ? LIMIT 16)',
    );
    this.ownToken = prepare('SELECT id FROM writer WHERE token = ?');
  }
}

/** A number of a row; undefined for null. */
export function numberOf(row: Row | undefined, column: string): number | undefined {
  const value = row?.[column];
  return typeof value === 'number' ? value : undefined;
}

/** A text of a row, which was read as bytes. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (isAnyArrayBuffer(value)) return Buffer.from(value).toString();
  if (!isUint8Array(value)) return '';
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}
