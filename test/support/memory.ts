/** Measures which objects are still retained, and how much memory is in use. Needs `--expose-gc`. */

import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

/** After so many rounds with the same result, objects count as retained. */
const SAME = 4;
/** Milliseconds between two rounds. */
const PAUSE = 20;

/** Collects garbage, including objects that only microtasks of this turn retained. */
async function collectGarbage(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('expected --expose-gc');
  // A WeakRef that was created or read in this turn retains its target until the turn ends.
  await turn();
  globalThis.gc();
}

/** Megabytes in use by objects and by the buffers that they own. */
export async function memoryUsed(): Promise<number> {
  // The second time it includes what only finalizers retained.
  for (let i = 0; i < 2; i += 1) await collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

/** Counts, by kind, how many of the registered objects are retained. */
export class Held {
  readonly #refs = new Map<string, WeakRef<object>[]>();

  /** Registers an object, and returns it. */
  show<T extends object>(kind: string, object: T): T {
    const refs = this.#refs.get(kind) ?? [];
    this.#refs.set(kind, refs);
    refs.push(new WeakRef(object));
    return object;
  }

  /** How many were registered, by kind. */
  get shown(): Record<string, number> {
    return this.#count(() => true);
  }

  /** How many are retained after garbage collection, by kind, without kinds with none. */
  async count(): Promise<Record<string, number>> {
    // Some objects take several rounds, and some time: those released by finalizers, or used by a thread that compiles.
    let last = '';
    for (let same = 0; ; ) {
      await collectGarbage();
      const counts = this.#count((ref) => ref.deref() !== undefined);
      const held = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
      const now = JSON.stringify(held);
      same = now === last ? same + 1 : 0;
      if (now === '{}' || same === SAME) return held;
      last = now;
      await wait(PAUSE);
    }
  }

  #count(isCounted: (ref: WeakRef<object>) => boolean): Record<string, number> {
    const counts = [...this.#refs].map(([kind, refs]) => [kind, refs.filter(isCounted).length]);
    return Object.fromEntries(counts);
  }
}
