/** The SQL statements that read and write a journal. */

import type { Connection, Statement } from './connection.ts';
import type { Tables } from './schema.ts';

/** The range of events, from the batches and as recorded. */
function boundsIn({ hasBatches, olderEvents }: Tables): string {
  const body = (batch: string): string =>
    olderEvents === undefined
      ? `${batch}.context`
      : `coalesce(${hasBatches ? `${batch}.context` : 'NULL'}, (SELECT body FROM ${olderEvents} WHERE seq = ${batch}.first))`;
  const noted = hasBatches
    ? 'SELECT first, last FROM writer'
    : `SELECT min(seq) AS first, max(seq) AS last FROM ${olderEvents}`;
  return `
SELECT oldest.first AS firstBatch, newest.last AS lastBatch, noted.first AS firstNoted,
  noted.last AS lastNoted, (SELECT max(seq) FROM snapshot) AS snapshot,
  CAST(${body('oldest')} AS BLOB) AS firstBody, CAST(${body('newest')} AS BLOB) AS lastBody
FROM (SELECT 1)
LEFT JOIN (SELECT * FROM batch ORDER BY first LIMIT 1) AS oldest
LEFT JOIN (SELECT * FROM batch ORDER BY first DESC LIMIT 1) AS newest
LEFT JOIN (${noted}) AS noted`;
}

/** Reads from the batch with a `seq` on. A single statement sees a consistent state, even while events are pruned. */
function readIn({ hasBatches, olderEvents }: Tables): string {
  const bodies =
    olderEvents === undefined
      ? 'NULL'
      : `(SELECT group_concat(body, ',' ORDER BY seq) FROM ${olderEvents} WHERE seq BETWEEN batch.first AND batch.last)`;
  const [context, rows] = hasBatches ? ['context', `coalesce(rows, ${bodies})`] : ['NULL', bodies];
  return `
SELECT first, last, crc, CAST(${context} AS BLOB) AS context, CAST(${rows} AS BLOB) AS rows
FROM batch
WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), ?1) AND first <= ?2
ORDER BY first LIMIT ?3`;
}

const SNAPSHOT =
  'SELECT seq, CAST(state AS BLOB) AS state, crc FROM snapshot ORDER BY seq DESC LIMIT 1';

/** The last batch after the first one up to a `seq`, or else the next one after the first. */
const BATCH_NEAR = `
SELECT coalesce(
  (SELECT max(first) FROM batch WHERE first > ? AND first <= ?),
  (SELECT min(first) FROM batch WHERE first > ?)
) AS first`;

/** A part of a snapshot. */
export const SNAPSHOT_PART =
  'SELECT CAST(body AS BLOB) AS body, crc FROM snapshot_part WHERE draft = ? AND part = ?';

/** The statements that read. */
export class ReadStatements {
  readonly bounds: Statement;
  readonly read: Statement;
  readonly batchNear: Statement;
  readonly snapshot: Statement;

  constructor(connection: Connection, tables: Tables) {
    const prepare = (sql: string): Statement => connection.prepare(sql);
    this.bounds = prepare(boundsIn(tables));
    this.read = prepare(readIn(tables));
    this.batchNear = prepare(BATCH_NEAR);
    this.snapshot = prepare(SNAPSHOT);
  }
}

/** The statements that write. */
export class WriteStatements {
  readonly begin: Statement;
  readonly commit: Statement;
  readonly rollback: Statement;
  readonly insertBatch: Statement;
  readonly noteLast: Statement;
  readonly deleteBatches: Statement;
  readonly noteFirst: Statement;
  /** Set if there are events written by an older version. */
  readonly deleteOlder: Statement | undefined;
  readonly insertSnapshot: Statement;
  readonly deleteSnapshots: Statement;
  readonly newestDraft: Statement;
  readonly insertPart: Statement;
  readonly staleParts: Statement;
  readonly deleteParts: Statement;
  readonly ownToken: Statement;

  constructor(connection: Connection, { olderEvents }: Tables) {
    const prepare = (sql: string): Statement => connection.prepare(sql);
    this.begin = prepare('BEGIN IMMEDIATE');
    this.commit = prepare('COMMIT');
    this.rollback = prepare('ROLLBACK');
    this.insertBatch = prepare(
      'INSERT INTO batch (first, last, crc, context, rows) VALUES (?, ?, ?, ?, ?)',
    );
    this.noteLast = prepare(
      'UPDATE writer SET first = coalesce(first, ?), last = max(coalesce(last, -1), ?)',
    );
    this.deleteBatches = prepare('DELETE FROM batch WHERE first < ?');
    this.noteFirst = prepare('UPDATE writer SET first = ?');
    this.deleteOlder = olderEvents && prepare(`DELETE FROM ${olderEvents} WHERE seq < ?`);
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
