/** What is used of SQLite, whichever it is. */

/** A value that is bound. Never bytes: libsql ends the process. */
type Bound = string | number;

/**
 * A row that was found. Texts are read as bytes: where a disk has changed them they may be no UTF-8
 * any more, and libsql ends the process then.
 */
export type Row = Readonly<Record<string, number | string | Uint8Array | ArrayBuffer | null>>;

export interface Statement {
  run(...values: Bound[]): void;
  get(...values: Bound[]): Row | undefined;
  all(...values: Bound[]): Row[];
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
