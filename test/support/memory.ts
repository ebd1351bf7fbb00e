/** What is still held, and how much memory is in use. Needs `--expose-gc`. */

import { setImmediate as turn } from 'node:timers/promises';

/** Collects garbage, including what only finalizers and microtasks of this turn still held. */
async function collectGarbage(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('expected --expose-gc');
  for (let i = 0; i < 2; i += 1) {
    // A WeakRef that was made or read in this turn keeps its target until the turn ends.
    await turn();
    globalThis.gc();
  }
}

/** Megabytes in use by objects and by the buffers that they own. */
export async function memoryUsed(): Promise<number> {
  await collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

/** Counts, by kind, how many of the objects it was shown are held by somebody else. */
export class Held {
  readonly #refs = new Map<string, WeakRef<object>[]>();

  /** Returns what it is shown. */
  show<T extends object>(kind: string, object: T): T {
    const refs = this.#refs.get(kind) ?? [];
    this.#refs.set(kind, refs);
    refs.push(new WeakRef(object));
    return object;
  }

  /** How many were shown, by kind. */
  get shown(): Record<string, number> {
    return this.#count(() => true);
  }

  /** How many are held when all garbage is collected, by kind, without the kinds of which none is. */
  async count(): Promise<Record<string, number>> {
    // Some of it takes several rounds: what a finalizer lets go, what the compiler looks at.
    let last = '';
    for (let round = 0; ; round += 1) {
      await collectGarbage();
      const counts = this.#count((ref) => ref.deref() !== undefined);
      const held = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
      const now = JSON.stringify(held);
      if (now === '{}' || now === last || round === 4) return held;
      last = now;
    }
  }

  #count(isCounted: (ref: WeakRef<object>) => boolean): Record<string, number> {
    const counts = [...this.#refs].map(([kind, refs]) => [kind, refs.filter(isCounted).length]);
    return Object.fromEntries(counts);
  }
}
