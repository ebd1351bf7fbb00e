import { untilClosed, untilDone, untilIdle, untilSizeBelow, waitFor } from '../wait.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

export class WaitFor extends Step {
  readonly #what: 'idle' | 'closed' | 'size' | 'group';
  readonly #n: number;

  constructor(what: 'idle' | 'closed' | 'size' | 'group', n: number) {
    super();
    this.#what = what;
    this.#n = n;
  }

  act(world: World): void {
    const { pool } = world;
    const job = pickFrom(world.jobs, this.#n);
    if (this.#what === 'idle') waitFor(world, pool, untilIdle);
    else if (this.#what === 'closed') waitFor(world, pool, untilClosed);
    else if (this.#what === 'size') waitFor(world, pool, untilSizeBelow(this.#n + 1));
    else if (job !== undefined) waitFor(world, pool, untilDone(job));
  }

  toString(): string {
    return `wait for ${this.#what} (#${this.#n})`;
  }
}
