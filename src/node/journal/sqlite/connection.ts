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

export interface Driver {
  /** Opens a file, which is made if it is not there; `readonly` ones do not make or change any. */
  open(path: string, readonly: boolean): Connection;
  /** SQLite's number of what went wrong; undefined for what is no error of SQLite. */
  codeOf(error: Error): number | undefined;
}
