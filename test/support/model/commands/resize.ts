import { resize } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Resize extends Step {
  readonly #size: number;

  constructor(size: number) {
    super();
    this.#size = size;
  }

  act(world: World): void {
    resize(world, this.#size);
  }

  toString(): string {
    return `poolSize = ${this.#size}`;
  }
}
