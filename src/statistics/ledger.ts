/**
 * What is counted of tasks, by group and by function. Each task is counted once: in the row of its group,
 * or of its function where its group has no row of its own any more. Everything else is added up from that
 * when figures are asked for, which is exact and keeps an event cheap.
 */

import { Row } from './row.ts';
import { Rows, type RowsData } from './rows.ts';

/** How many rows there may be of each kind. */
interface LedgerLimits {
  readonly groups: number;
  readonly functions: number;
}

/** A ledger as plain JSON. */
export interface LedgerData {
  readonly groups: RowsData;
  /** What was counted for groups without a row of their own, by function. */
  readonly functions: RowsData;
}

/** What is counted by function. */
interface FunctionRows {
  /** In the order in which they began. */
  readonly rows: readonly Row[];
  /** The functions without a row of their own, and how many these are. */
  readonly others: Row;
  readonly merged: number;
}

export class Ledger {
  /** The groups that have a row, in the order in which they began. */
  readonly groups: Rows;
  /** By function, what was counted for groups that have no row any more. */
  readonly #rest: Rows;
  /** What belongs to no known function. */
  readonly #others: Row;

  constructor({ groups, functions }: LedgerLimits, data?: LedgerData) {
    this.#rest = new Rows(functions, () => this.#others, data?.functions);
    this.#others = this.#rest.others;
    this.groups = new Rows(groups, (row) => this.#leave(row), data?.groups);
    for (const { functionName } of this.groups) this.#use(functionName, 1);
  }

  /** The row of a group that begins: that of earlier ones with its name and its function, if there were any. */
  open(group: string, functionName: string): Row {
    const known = this.groups.get(group);
    if (known?.functionName === functionName) {
      known.beginNext();
      return known;
    }
    // The name of a group that was forgotten may be given to one that runs something else.
    if (known !== undefined) this.groups.drop(known);
    this.#rest.open(functionName, functionName);
    this.#use(functionName, 1);
    return this.groups.open(group, functionName);
  }

  /** The row in which tasks of a group are counted. */
  rowOf(group: string): Row {
    return this.groups.get(group) ?? this.#others;
  }

  /** The row of a task that is counted without its group: by function, where that has a row. */
  restOf(functionName: string | undefined): Row {
    const row = functionName === undefined ? undefined : this.#rest.get(functionName);
    return row ?? this.#others;
  }

  /** Whether the tasks of a row belong to no function that has a row. */
  isOther(row: Row): boolean {
    return row === this.#others;
  }

  /** What is counted for groups that have no row, in one row. */
  otherGroups(): Row {
    return sumOf('others', [...this.#rest, this.#others]);
  }

  /** What is counted by function. */
  functions(): FunctionRows {
    const sums = new Map(Array.from(this.#rest, ({ name }) => [name, new Row(name, name)]));
    const others = new Row('others', '');
    for (const row of [...this.#rest, ...this.groups]) {
      (sums.get(row.functionName) ?? others).merge(row);
    }
    others.merge(this.#others);
    return { rows: [...sums.values()], others, merged: this.#rest.merged };
  }

  /** All there is in one row. */
  total(): Row {
    return sumOf('total', [...this.groups, ...this.#rest, this.#others]);
  }

  /** Adds what another one has counted. */
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
      // There is one row by this name, and it is another function's.
      this.#rest.open(functionName, functionName).merge(row);
      this.groups.merged++;
      return;
    }
    const own = this.open(name, functionName);
    own.merge(row);
    own.isOpen ||= row.isOpen;
  }

  /** A group loses its row: the row that counts for it from now on. */
  #leave({ functionName }: Row): Row {
    const row = this.#rest.open(functionName, functionName);
    this.#use(functionName, -1);
    return row;
  }

  /** A function is used by one more, or one less, of the groups that have a row. */
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
