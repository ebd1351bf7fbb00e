/** All measurements of a run, and the figures taken from them. */
import type { Section } from './model.ts';
import { median } from './stats.ts';

export interface Failure {
  readonly node: string;
  readonly section: string;
  readonly contender: string;
  readonly message: string;
}

export class Results {
  readonly nodes: readonly string[];
  readonly sections: readonly Section[];
  readonly failures: Failure[] = [];
  readonly #samples = new Map<string, number[]>();

  constructor(nodes: readonly string[], sections: readonly Section[]) {
    this.nodes = nodes;
    this.sections = sections;
  }

  add(node: string, section: string, contender: string, value: number): void {
    const key = keyOf(node, section, contender);
    const samples = this.#samples.get(key);
    if (samples === undefined) this.#samples.set(key, [value]);
    else samples.push(value);
  }

  hasFailed(node: string, section: string, contender: string): boolean {
    return this.failures.some(
      (failure) =>
        failure.node === node && failure.section === section && failure.contender === contender,
    );
  }

  /** In the order of the repeats; empty if nothing was measured or a repeat failed. */
  samples(node: string, section: string, contender: string): readonly number[] {
    if (this.hasFailed(node, section, contender)) return [];
    return this.#samples.get(keyOf(node, section, contender)) ?? [];
  }

  median(node: string, section: string, contender: string): number {
    return median(this.samples(node, section, contender));
  }

  /** The median of `one / other` over the repeats, each pair measured moments apart. */
  ratio(node: string, section: string, one: string, other: string): number {
    return this.#paired(node, section, one, other, (a, b) => a / b);
  }

  /** The median of `one - other` over the repeats. */
  difference(node: string, section: string, one: string, other: string): number {
    return this.#paired(node, section, one, other, (a, b) => a - b);
  }

  /** The largest median of our own contenders in a section over the smallest. */
  spread(node: string, section: string): number {
    const own = this.sections.find(({ id }) => id === section)?.contenders ?? [];
    const medians = own
      .filter((contender) => contender.ours)
      .map(({ name }) => this.median(node, section, name));
    return Math.max(...medians) / Math.min(...medians);
  }

  #paired(
    node: string,
    section: string,
    one: string,
    other: string,
    combine: (a: number, b: number) => number,
  ): number {
    const others = this.samples(node, section, other);
    return median(
      this.samples(node, section, one).map((value, repeat) =>
        combine(value, others[repeat] ?? Number.NaN),
      ),
    );
  }
}

function keyOf(node: string, section: string, contender: string): string {
  return `${node} | ${section} | ${contender}`;
}
