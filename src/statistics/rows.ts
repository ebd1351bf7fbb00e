/** A limited number of rows by name: the oldest are merged into other rows. */

import { Row, type RowData } from './row.ts';

/** Rows as plain JSON. */
export interface RowsData {
  /** In order of creation. */
  readonly rows: readonly (readonly [name: string, row: RowData])[];
  /** The counts that belong to none of the rows. */
  readonly others: RowData;
  /** The number of rows that were merged. */
  readonly merged: number;
}

export class Rows {
  readonly #limit: number;
  readonly #rows = new Map<string, Row>();
  /** Returns the row into which a row is merged. */
  readonly #heirOf: (row: Row) => Row;
  /** The counts that belong to none of the rows. */
  readonly others: Row;
  /** The number of rows that were merged. */
  merged: number;
  /** The row requested last. */
  #recent: Row | undefined = undefined;

  constructor(limit: number, heirOf: (row: Row) => Row, data?: RowsData) {
    this.#limit = limit;
    this.#heirOf = heirOf;
    this.others = data === undefined ? new Row('others', '') : Row.fromJSON('others', data.others);
    this.merged = data?.merged ?? 0;
    for (const [name, row] of data?.rows ?? []) this.#rows.set(name, Row.fromJSON(name, row));
  }

  get(name: string): Row | undefined {
    if (this.#recent !== undefined && this.#recent.name === name) return this.#recent;
    const row = this.#rows.get(name);
    if (row !== undefined) this.#recent = row;
    return row;
  }

  /** The row with a name; created if there is none. */
  open(name: string, functionName: string): Row {
    const known = this.get(name);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#limit) this.#dropOldest();
    const row = new Row(name, functionName);
    this.#rows.set(name, row);
    this.#recent = row;
    return row;
  }

  /** Merges a row into its heir. */
  drop(row: Row): void {
    this.#rows.delete(row.name);
    if (this.#recent === row) this.#recent = undefined;
    const heir = this.#heirOf(row);
    heir.merge(row);
    row.into = heir;
    this.merged++;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.#rows.values();
  }

  toJSON(): RowsData {
    const rows = Array.from(this, (row) => [row.name, row.toJSON()] as const);
    return { rows, others: this.others.toJSON(), merged: this.merged };
  }

  /** Drops the oldest row, or a finished one among the oldest. */
  #dropOldest(): void {
    let oldest: Row | undefined;
    let looked = 0;
    for (const row of this.#rows.values()) {
      oldest ??= row;
      if (row.isOver) {
        oldest = row;
        break;
      }
      // Checking all rows for each new one would cost too much.
      if (++looked >= LOOKED_AT) break;
    }
    if (oldest !== undefined) this.drop(oldest);
  }
}

const LOOKED_AT = 16;
