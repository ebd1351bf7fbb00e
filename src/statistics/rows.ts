/** Rows by name, of which there may be so many: the oldest are counted together then. */

import { Row, type RowData } from './row.ts';

/** Rows as plain JSON. */
export interface RowsData {
  /** In the order in which they began. */
  readonly rows: readonly (readonly [name: string, row: RowData])[];
  /** What is counted together, and how many rows that were. */
  readonly others: RowData | null;
  readonly merged: number;
}

export class Rows {
  readonly #limit: number;
  readonly #rows = new Map<string, Row>();
  /** What became of rows that were too many. */
  readonly others = new Row('others', '');
  /** How many rows are counted together. */
  merged = 0;
  /** The row that was asked for last. */
  #recent: Row | undefined = undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#rows.size;
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
    if (this.#rows.size >= this.#limit) this.#mergeOne();
    const row = new Row(name, functionName);
    this.#rows.set(name, row);
    this.#recent = row;
    return row;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** All there is in one row. */
  total(): Row {
    const total = new Row('total', '');
    for (const row of this.#rows.values()) total.merge(row);
    total.merge(this.others);
    return total;
  }

  /** Adds those of another one. */
  merge(other: Rows): void {
    for (const row of other) {
      const own = this.open(row.name, row.functionName);
      own.merge(row);
      own.isOpen ||= row.isOpen;
    }
    this.others.merge(other.others);
    this.merged += other.merged;
  }

  toJSON(): RowsData {
    const rows = Array.from(this, (row) => [row.name, row.toJSON()] as const);
    return { rows, others: this.merged === 0 ? null : this.others.toJSON(), merged: this.merged };
  }

  static fromJSON(limit: number, { rows, others, merged }: RowsData): Rows {
    const restored = new Rows(limit);
    for (const [name, row] of rows) restored.#rows.set(name, Row.fromJSON(name, row));
    if (others !== null) restored.others.merge(Row.fromJSON('others', others));
    restored.merged = merged;
    return restored;
  }

  /** Counts the oldest row with the others: one of which all is over, if there is one near. */
  #mergeOne(): void {
    const row = this.#oldest();
    if (row === undefined) return;
    this.#rows.delete(row.name);
    if (this.#recent === row) this.#recent = undefined;
    this.others.merge(row);
    this.merged++;
    row.into = this.others;
  }

  #oldest(): Row | undefined {
    let oldest: Row | undefined;
    let looked = 0;
    for (const row of this.#rows.values()) {
      oldest ??= row;
      if (!row.isOpen && row.live === 0) return row;
      // Looking at all of them for each new one would cost more than it is worth.
      if (++looked >= LOOKED_AT) break;
    }
    return oldest;
  }
}

const LOOKED_AT = 16;

/** The row that counts in place of one that may have been merged. */
export function current(row: Row): Row {
  return row.into ?? row;
}
