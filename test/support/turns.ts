/** A naive check that groups take turns, for slots and at keys. */

import type { LimitKey } from 'xstate-taskpool';

interface Waiting {
  readonly id: number;
  readonly group: unknown;
  readonly keys: Readonly<Record<string, LimitKey>>;
}

interface Start {
  readonly group: unknown;
  readonly keys: string;
}

export class Turns {
  readonly #starts: Start[] = [];
  /** By the ids of tasks: how many others had started when it began to wait. */
  readonly #since = new Map<number, number>();
  /** How many had started when the pool was recovered, which does not know the turns of the last one. */
  #known = 0;

  recovered(): void {
    this.#known = this.#starts.length;
  }

  /** A task begins to wait. */
  waits({ id }: Waiting): void {
    this.#since.set(id, this.#starts.length);
  }

  /**
   * A task starts. No group gets a second start while another one waits with the same keys, unless that has started
   * something in the meantime.
   *
   * @param others the tasks that could have started instead, of equal priority.
   */
  *starts({ id, group, keys: own }: Waiting, others: readonly Waiting[]): Generator<string> {
    const keys = JSON.stringify(own);
    const last = this.#starts.findLastIndex((start) => {
      // Without keys, only slots matter, which every start takes.
      return start.group === group && (start.keys === keys || keys === '{}');
    });
    const since = this.#starts.slice(last + 1);
    for (const other of last < this.#known ? [] : others) {
      if (other.group === group || JSON.stringify(other.keys) !== keys) continue;
      const hasWaited = (this.#since.get(other.id) as number) <= last;
      if (hasWaited && since.every((start) => start.group !== other.group)) {
        yield `task ${id} started before ${other.id}, whose group was not served for longer`;
      }
    }
    this.#starts.push({ group, keys });
  }
}
