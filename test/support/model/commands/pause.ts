import { pause, resume } from '../operations.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** Pauses a group, or resumes it. */
export class Pause extends Step {
  readonly #pick: number;
  readonly #resumes: boolean;

  constructor(pick: number, resumes: boolean) {
    super();
    this.#pick = pick;
    this.#resumes = resumes;
  }

  override check(world: Readonly<World>): boolean {
    return world.jobs.length > 0;
  }

  act(world: World): void {
    const job = pickFrom(world.jobs, this.#pick);
    if (job !== undefined) (this.#resumes ? resume : pause)(world, job);
  }

  toString(): string {
    return `${this.#resumes ? 'resume' : 'pause'}(#${this.#pick})`;
  }
}
