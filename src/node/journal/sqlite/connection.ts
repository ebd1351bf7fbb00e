/** What is used of SQLite, whichever it is. */

/** A value that is bound, or found. */
type SqlValue = string | number | null;

/** A row that was found. */
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: SqlValue[]): void;
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

export interface Connection {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/**
 * How a file is opened: to write, and made if it is not there; to read; or to read what it holds
 * without the log.
 */
export type OpenMode = 'write' | 'read' | 'read without log';

export interface Driver {
  open(path: string, mode: OpenMode): Connection;
  /** SQLite's number of what went wrong; undefined for what is no error of SQLite. */
  codeOf(error: Error): number | undefined;
}
