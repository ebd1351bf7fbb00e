/** The parts of a benchmark: sections, each with contenders that are measured in turn. */

/** The size of the runs. `--quick` is for checking that the harness works, not for figures. */
export interface Scale {
  readonly quick: boolean;
}

/** One way of doing a section's work. */
export interface Contender {
  readonly name: string;
  /** Whether it is this library (then its ratios are shown) or another one. */
  readonly ours: boolean;
  /** One measurement in a process of its own, warm-up included, in the unit of the section. */
  measure(): Promise<number>;
}

/** One table: contenders that do the same work. */
export interface Section {
  /** Starts with the name of the workload, which `--only` selects: `W1-dropped`. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Whether all contenders do the same work, so that ratios are meaningful. */
  readonly compared?: boolean;
  readonly contenders: readonly Contender[];
}

/**
 * A task function that every contender accepts. Declared `async`, since the package `async` would wait forever
 * otherwise.
 */
export type TaskFunction = (item: number) => Promise<number>;

/** The default concurrency of all workloads. */
export const CONCURRENCY = 100;

export function ours(name: string, measure: () => Promise<number>): Contender {
  return { name, ours: true, measure };
}

export function peer(name: string, measure: () => Promise<number>): Contender {
  return { name, ours: false, measure };
}

/** `[0, 1, …, count - 1]` */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** `100000` as `100,000`, in names and titles. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
