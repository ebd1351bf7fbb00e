/**
 * Counts tasks by group and by function. Each task is counted once: in the row of its group, or of its function if
 * its group has no row any more. All other figures are sums computed on request, which is exact and keeps events
 * cheap.
 */

import { Row } from './row.ts';
import { Rows, type RowsData } from './rows.ts';

/** The maximum number of rows of each kind. */
interface LedgerLimits {
  readonly groups: number;
  readonly functions: number;
}

/** A ledger as plain JSON. */
export interface LedgerData {
  readonly groups: RowsData;
  /** The counts of groups without a row, by function. */
  readonly functions: RowsData;
}

/** The counts by function. */
interface FunctionRows {
  /** In order of creation. */
  readonly rows: readonly Row[];
  /** The sum of all functions without a row, and their number. */
  readonly others: Row;
  readonly merged: number;
}

export class Ledger {
  /** The groups with a row, in order of creation. */
  readonly groups: Rows;
  /** The counts of groups that have no row any more, by function. */
  readonly #rest: Rows;
  /** The counts that belong to no known function. */
  readonly #others: Row;

  constructor({ groups, functions }: LedgerLimits, data?: LedgerData) {
    this.#rest = new Rows(functions, () => this.#others, data?.functions);
    this.#others = this.#rest.others;
    this.groups = new Rows(groups, (row) => this.#leave(row), data?.groups);
    for (const { functionName } of this.groups) this.#use(functionName, 1);
  }

  /** The row of a new group, which is that of earlier groups with the same name and function if there were any. */
  open(group: string, functionName: string): Row {
    const known = this.groups.get(group);
    if (known?.functionName === functionName) {
      known.beginNext();
      return known;
    }
    // The name of a forgotten group may be reused for another function.
    if (known !== undefined) this.groups.drop(known);
    this.#rest.open(functionName, functionName);
    this.#use(functionName, 1);
    return this.groups.open(group, functionName);
  }

  /** The row in which tasks of a group are counted. */
  rowOf(group: string): Row {
    return this.groups.get(group) ?? this.#others;
  }

  /** The row of a task that is counted without its group: that of its function, if there is one. */
  restOf(functionName: string | undefined): Row {
    const row = functionName === undefined ? undefined : this.#rest.get(functionName);
    return row ?? this.#others;
  }

  /** Whether the tasks of a row belong to no function with a row. */
  isOther(row: Row): boolean {
    return row === this.#others;
  }

  /** The sum of all groups without a row. */
  otherGroups(): Row {
    return sumOf('others', [...this.#rest, this.#others]);
  }

  /** The counts by function. */
  functions(): FunctionRows {
    const sums = new Map(Array.from(this.#rest, ({ name }) => [name, new Row(name, name)]));
    const others = new Row('others', '');
    for (const row of [...this.#rest, ...this.groups]) {
      (sums.get(row.functionName) ?? others).merge(row);
    }
    others.merge(this.#others);
    return { rows: [...sums.values()], others, merged: this.#rest.merged };
  }

  /** The sum of everything. */
  total(): Row {
    return sumOf('total', [...this.groups, ...this.#rest, this.#others]);
  }

  /** Adds the counts of another ledger. */
  merge(other: Ledger): void {
    for (const row of other.#rest) this.#rest.open(row.name, row.name).merge(row);
    this.#others.merge(other.#others);
    this.#rest.merged += other.#rest.merged;
    this.groups.merged += other.groups.merged;
    for (const row of other.groups) this.#mergeGroup(row);
  }

  toJSON(): LedgerData {
    return { groups: this.groups.toJSON(), functions: this.#rest.toJSON() };
  }

  #mergeGroup(row: Row): void {
    const { name, functionName } = row;
    const known = this.groups.get(name);
    if (known !== undefined && known.functionName !== functionName) {
      // There is a row with this name, but for another function.
      this.#rest.open(functionName, functionName).merge(row);
      this.groups.merged++;
      return;
    }
    const own = this.open(name, functionName);
    own.merge(row);
    own.isOpen ||= row.isOpen;
  }

  /** A group loses its row: returns the row that counts for it from now on. */
  #leave({ functionName }: Row): Row {
    this.#use(functionName, -1);
    // A function that has lost its row as well gets no new one, which would displace, and count, another.
    return this.restOf(functionName);
  }

  /** Updates the number of groups with a row that run a function. */
  #use(functionName: string, more: number): void {
    const row = this.#rest.get(functionName);
    if (row !== undefined) row.numGroups += more;
  }
}

function sumOf(name: string, rows: Iterable<Row>): Row {
  const sum = new Row(name, '');
  for (const row of rows) sum.merge(row);
  return sum;
}
