/** The groups of a pool by name, in order of creation. */

import type { GroupIdentity } from './group-identity.ts';
import { IdTable } from './id-table.ts';
import type { GroupRecord } from './records.ts';

const GENERATED = /-group-(\d+)$/;

/**
 * Generated names contain unique numbers, by which groups without a chosen name are found: adding a group neither
 * creates nor hashes its name.
 */
export class GroupTable<G extends GroupRecord> {
  readonly #chosen = new Map<string, G>();
  readonly #generated = new IdTable<G>();
  /** How many groups were ever added. */
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

  /** Adds a group that already has its ordinal. */
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

  /** Whether another group has chosen a name that was about to be generated. */
  isChosen(identity: GroupIdentity): boolean {
    return this.#chosen.size > 0 && this.#chosen.has(identity.name);
  }

  /** The current groups in order of creation. Groups may be added and removed during the iteration. */
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
