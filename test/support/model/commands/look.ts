import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** `task(id)` and its actor, also of tasks that were forgotten or never existed. */
export class Look extends Step {
  readonly #pick: number;

  constructor(pick: number) {
    super();
    this.#pick = pick;
  }

  override check(world: Readonly<World>): boolean {
    return world.oracle.tasks.length > 0;
  }

  act(world: World): void {
    const task = pickFrom(world.oracle.tasks, this.#pick);
    if (task !== undefined) world.look(task);
    const unknown = world.oracle.tasks.length;
    world.call(`task(${unknown})`, ['TaskNotFound'], () => world.pool.task(unknown));
  }

  toString(): string {
    return `look at task #${this.#pick}`;
  }
}
