/** The groups of a pool by name, in order of creation. */

import type { GroupIdentity } from './group-identity.ts';
import { IdTable } from './id-table.ts';
import type { GroupRecord } from './records.ts';

const GENERATED = /-group-(\d+)$/;

/**
 * A generated name holds a number that no other one holds, so that groups without a chosen name
 * are found by it: entering a group puts no name together and hashes none.
 */
export class GroupTable<G extends GroupRecord> {
  readonly #chosen = new Map<string, G>();
  readonly #generated = new IdTable<G>();
  /** How many groups there were ever. */
  entered = 0;

  get size(): number {
    return this.#chosen.size + this.#generated.size;
  }

  get(name: string): G | undefined {
    return this.#chosen.get(name) ?? this.#getGenerated(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  add(group: G): void {
    group.ordinal = this.entered++;
    this.restore(group);
  }

  /** Adds a group that has its place in the order already. */
  restore(group: G): void {
    const { generated } = group.identity;
    if (generated === undefined) this.#chosen.set(group.name, group);
    else this.#generated.add(generated, group);
  }

  remove(group: G): void {
    const { generated } = group.identity;
    if (generated === undefined) this.#chosen.delete(group.name);
    else if (this.#generated.get(generated) === group) this.#generated.remove(generated);
  }

  /** Whether someone chose a name that was about to be generated. */
  isChosen(identity: GroupIdentity): boolean {
    return this.#chosen.size > 0 && this.#chosen.has(identity.name);
  }

  /** Those that are there now, in order of creation. Any may be added and removed meanwhile. */
  *[Symbol.iterator](): Generator<G> {
    const end = this.entered;
    const chosen = this.#chosen.values();
    const generated = this.#generated[Symbol.iterator]();
    let one = chosen.next().value;
    let other = generated.next().value;
    while (one !== undefined || other !== undefined) {
      const isFirst = other === undefined || (one !== undefined && one.ordinal < other.ordinal);
      const group = (isFirst ? one : other) as G;
      if (group.ordinal >= end) return;
      yield group;
      if (isFirst) one = chosen.next().value;
      else other = generated.next().value;
    }
  }

  #getGenerated(name: string): G | undefined {
    const [, number] = GENERATED.exec(name) ?? [];
    const group = number === undefined ? undefined : this.#generated.get(Number(number));
    return group?.name === name ? group : undefined;
  }
}
