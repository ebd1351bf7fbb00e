import { Results, Settled } from '../asking.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** `results()` or `settled()` of a group. */
export class Ask extends Step {
  readonly #pick: number;
  readonly #what: 'results' | 'settled';

  constructor(pick: number, what: 'results' | 'settled') {
    super();
    this.#pick = pick;
    this.#what = what;
  }

  override check(world: Readonly<World>): boolean {
    return world.jobs.length > 0;
  }

  act(world: World): void {
    const job = pickFrom(world.jobs, this.#pick);
    if (job === undefined) return;
    world.consumers.push(this.#what === 'results' ? new Results(job) : new Settled(job));
  }

  toString(): string {
    return `${this.#what} of #${this.#pick}`;
  }
}
