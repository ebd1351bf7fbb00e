import { cancelGroup } from '../operations.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** By its handle, or by the pool: `cancelGroup(handle)`, `cancelGroup(name)`. */
export class CancelGroup extends Step {
  readonly #pick: number;
  readonly #how: 'handle' | 'object' | 'name';
  readonly #reason: unknown;

  constructor(pick: number, how: 'handle' | 'object' | 'name', reason: unknown) {
    super();
    this.#pick = pick;
    this.#how = how;
    this.#reason = reason;
  }

  override check(world: Readonly<World>): boolean {
    return world.jobs.length > 0;
  }

  act(world: World): void {
    const job = pickFrom(world.jobs, this.#pick);
    if (job !== undefined) cancelGroup(world, job, this.#reason, this.#how);
  }

  toString(): string {
    return `cancelGroup(#${this.#pick} by ${this.#how}; ${JSON.stringify(this.#reason)})`;
  }
}
