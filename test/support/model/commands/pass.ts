import { pass } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

/** Lets time pass. */
export class Pass extends Step {
  readonly #ms: number;

  constructor(ms: number) {
    super();
    this.#ms = ms;
  }

  act(world: World): void {
    pass(world, this.#ms);
  }

  toString(): string {
    return `pass(${this.#ms} ms)`;
  }
}
