import { Iteration } from '../iteration.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** One step of a `for await` over a group: of an existing loop or a new one. */
export class Iterate extends Step {
  readonly #pick: number;
  readonly #isNew: boolean;

  constructor(pick: number, isNew: boolean) {
    super();
    this.#pick = pick;
    this.#isNew = isNew;
  }

  override check(world: Readonly<World>): boolean {
    return world.jobs.length > 0;
  }

  act(world: World): void {
    this.#iteration(world)?.next();
  }

  #iteration(world: World): Iteration | undefined {
    const begun = world.consumers.filter((each) => each instanceof Iteration);
    const iteration = this.#isNew ? undefined : pickFrom(begun as Iteration[], this.#pick);
    if (iteration !== undefined) return iteration;
    const job = pickFrom(world.jobs, this.#pick);
    if (job === undefined) return undefined;
    const made = new Iteration(job);
    world.consumers.push(made);
    return made;
  }

  toString(): string {
    return `${this.#isNew ? 'a new next' : 'next'} of #${this.#pick}`;
  }
}
