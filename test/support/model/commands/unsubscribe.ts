import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

export class Unsubscribe extends Step {
  readonly #pick: number;

  constructor(pick: number) {
    super();
    this.#pick = pick;
  }

  override check(world: Readonly<World>): boolean {
    return world.subscriptions.length > 0;
  }

  act(world: World): void {
    pickFrom(world.subscriptions, this.#pick)?.end();
  }

  toString(): string {
    return `off(#${this.#pick})`;
  }
}
