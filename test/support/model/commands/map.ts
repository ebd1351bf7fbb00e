import type { TaskPool } from 'xstate-taskpool';
import { type MapMethod, map } from '../making.ts';
import { describeGroup, describeSource, type GroupScript, type SourceScript } from '../scripts.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class MapItems extends Step<TaskPool> {
  readonly #method: MapMethod;
  readonly #script: GroupScript;
  readonly #source: SourceScript;
  readonly #numConcurrent: number | undefined;

  constructor(
    method: MapMethod,
    script: GroupScript,
    source: SourceScript,
    numConcurrent: number | undefined,
  ) {
    super();
    this.#method = method;
    this.#script = script;
    this.#source = source;
    this.#numConcurrent = numConcurrent;
  }

  act(world: World, pool: TaskPool): void {
    map(world, pool, this.#method, this.#script, this.#source, this.#numConcurrent);
  }

  toString(): string {
    const source = describeSource(this.#source);
    const script = describeGroup(this.#script);
    return `${this.#method}(${script}, ${source}, ${this.#numConcurrent} at once)`;
  }
}
