/** Rows by name, of which there may be so many: the oldest are counted elsewhere then. */

import { Row, type RowData } from './row.ts';

/** Rows as plain JSON. */
export interface RowsData {
  /** In the order in which they began. */
  readonly rows: readonly (readonly [name: string, row: RowData])[];
  /** What belongs to none of them. */
  readonly others: RowData;
  /** How many rows are no longer there by themselves. */
  readonly merged: number;
}

export class Rows {
  readonly #limit: number;
  readonly #rows = new Map<string, Row>();
  /** Says which row counts for one that is no longer there. */
  readonly #heirOf: (row: Row) => Row;
  /** What belongs to none of them. */
  readonly others: Row;
  /** How many rows are no longer there by themselves. */
  merged: number;
  /** The row that was asked for last. */
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

  /** The row of a name, which is made if there is none. */
  open(name: string, functionName: string): Row {
    const known = this.get(name);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#limit) this.#dropOldest();
    const row = new Row(name, functionName);
    this.#rows.set(name, row);
    this.#recent = row;
    return row;
  }

  /** Has a row counted by its heir. */
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

  /** Drops the oldest row: one of which all is over, if there is one near. */
  #dropOldest(): void {
    let oldest: Row | undefined;
    let looked = 0;
    for (const row of this.#rows.values()) {
      oldest ??= row;
      if (row.isOver) {
        oldest = row;
        break;
      }
      // Looking at all of them for each new one would cost more than it is worth.
      if (++looked >= LOOKED_AT) break;
    }
    if (oldest !== undefined) this.drop(oldest);
  }
}

const LOOKED_AT = 16;
