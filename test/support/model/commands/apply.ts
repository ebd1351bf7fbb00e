import type { TaskPool } from 'xstate-taskpool';
import { apply } from '../making.ts';
import { describeGroup, type GroupScript } from '../scripts.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Apply extends Step<TaskPool> {
  readonly #script: GroupScript;
  readonly #num: number;

  constructor(script: GroupScript, num: number) {
    super();
    this.#script = script;
    this.#num = num;
  }

  act(world: World, pool: TaskPool): void {
    apply(world, pool, this.#script, this.#num);
  }

  toString(): string {
    return `apply(${this.#num} times ${describeGroup(this.#script)})`;
  }
}
