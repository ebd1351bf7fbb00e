import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** Takes no more items of a group. */
export class StopGroup extends Step {
  readonly #pick: number;

  constructor(pick: number) {
    super();
    this.#pick = pick;
  }

  override check(world: Readonly<World>): boolean {
    return world.jobs.length > 0;
  }

  act(world: World): void {
    const job = pickFrom(world.jobs, this.#pick);
    if (job === undefined) return;
    world.call(`stop ${job.label}`, [undefined], () => job.handle.stop());
    if (job.facts.source === 'open' && !world.wasDisturbed) world.report(`${job.label} is open`);
  }

  toString(): string {
    return `stop(#${this.#pick})`;
  }
}
