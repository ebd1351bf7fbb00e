import type { SimpleTaskPool } from 'xstate-taskpool';
import { start } from '../making.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Start extends Step<SimpleTaskPool> {
  readonly #num: number;

  constructor(num: number) {
    super();
    this.#num = num;
  }

  act(world: World, pool: SimpleTaskPool): void {
    start(world, pool, this.#num);
  }

  toString(): string {
    return `start(${this.#num})`;
  }
}
