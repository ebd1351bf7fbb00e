/** The common interface of the SQLite drivers. */

/** A bound value. Never bytes, with which libsql crashes the process. */
type Bound = string | number;

/**
 * A result row. Texts are read as bytes: after disk corruption they may not be UTF-8, on which libsql crashes the
 * process.
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
 * How a file is opened: for writing, and created if necessary; for reading; or for reading without its write-ahead
 * log.
 */
export type OpenMode = 'write' | 'read' | 'read without log';

export interface Driver {
  open(path: string, mode: OpenMode): Connection;
  /** The result code of SQLite; undefined for other errors. */
  codeOf(error: Error): number | undefined;
}
