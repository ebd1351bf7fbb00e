import type { BasePool } from 'xstate-taskpool';
import type { World } from '../world.ts';
import { Step } from './step.ts';

/** Several concurrent steps, each some microtasks after the previous one. */
export class AtOnce<P extends BasePool> extends Step<P> {
  readonly #steps: readonly (readonly [Step<P>, number])[];

  constructor(steps: readonly (readonly [Step<P>, number])[]) {
    super();
    this.#steps = steps;
  }

  async act(world: World, pool: P): Promise<void> {
    world.isQuiet = false;
    for (const [step, microtasks] of this.#steps) {
      world.oracle.catchUp();
      if (!step.check(world)) continue;
      world.note(`  ${step}`);
      await step.act(world, pool);
      for (let count = 0; count < microtasks; count++) await undefined;
    }
  }

  toString(): string {
    return `at once: ${this.#steps.map(([step, ticks]) => `${step} +${ticks}`).join('; ')}`;
  }
}
