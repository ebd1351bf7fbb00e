/** What a benchmark is made of: sections, and in each section contenders that are measured in turn. */

/** How large the runs are. `--quick` is for looking whether the harness works, not for figures. */
export interface Scale {
  readonly quick: boolean;
}

/** One way of doing a section's work. */
export interface Contender {
  readonly name: string;
  /** Whether it is this library (then its ratios are shown) or something to compare it with. */
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
  /** Whether every contender of ours does the same work as every peer, so that ratios mean something. */
  readonly compared?: boolean;
  readonly contenders: readonly Contender[];
}

/** A task function as every contender can take it. Declared `async`, because `async` (the package) waits for ever otherwise. */
export type TaskFunction = (item: number) => Promise<number>;

/** At most so many tasks run at a time, in every workload that does not say otherwise. */
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
