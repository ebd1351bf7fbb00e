import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

export class LimitGroup extends Step {
  readonly #pick: number;
  readonly #limit: number;

  constructor(pick: number, limit: number) {
    super();
    this.#pick = pick;
    this.#limit = limit;
  }

  override check(world: Readonly<World>): boolean {
    return world.jobs.length > 0;
  }

  act(world: World): void {
    const job = pickFrom(world.jobs, this.#pick);
    if (job === undefined) return;
    world.call(`numConcurrent of ${job.label} = ${this.#limit}`, [undefined], () => {
      job.handle.numConcurrent = this.#limit;
    });
    if (!job.facts.isKnown || world.wasDisturbed) return;
    if (job.handle.numConcurrent !== this.#limit) {
      world.report(`numConcurrent reads back ${job.handle.numConcurrent}`);
    }
  }

  toString(): string {
    return `numConcurrent of #${this.#pick} = ${this.#limit}`;
  }
}
