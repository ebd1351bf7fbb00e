import { Iteration } from '../iteration.ts';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

/** Leaves a running loop: like `break`, or while it waits for a result. */
export class Leave extends Step {
  readonly #pick: number;

  constructor(pick: number) {
    super();
    this.#pick = pick;
  }

  override check(world: Readonly<World>): boolean {
    return leavable(world).length > 0;
  }

  act(world: World): void {
    pickFrom(leavable(world), this.#pick)?.leave();
  }

  toString(): string {
    return `leave(#${this.#pick})`;
  }
}

/** The loops that have not ended. */
export function leavable({ consumers }: Readonly<World>): Iteration[] {
  const iterations = consumers.filter((each) => each instanceof Iteration) as Iteration[];
  return iterations.filter((each) => each.isOpen);
}
