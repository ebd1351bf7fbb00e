import type { BasePool } from 'xstate-taskpool';
import { pausePool, resumePool } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

/** Pauses the pool, or resumes it. */
export class PausePool extends Step<BasePool> {
  readonly #resumes: boolean;

  constructor(resumes: boolean) {
    super();
    this.#resumes = resumes;
  }

  act(world: World): void {
    (this.#resumes ? resumePool : pausePool)(world);
  }

  toString(): string {
    return `${this.#resumes ? 'resume' : 'pause'}()`;
  }
}
