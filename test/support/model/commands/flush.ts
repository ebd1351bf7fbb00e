import { Drain } from '../drain.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Flush extends Step {
  readonly #returns: boolean;

  constructor(returns: boolean) {
    super();
    this.#returns = returns;
  }

  act(world: World): void {
    const returnExceptions = this.#returns;
    const promise = world.call('flush', [undefined], () => world.pool.flush({ returnExceptions }));
    world.drains.push(new Drain(world, 'flush', returnExceptions, promise as Promise<unknown>));
  }

  toString(): string {
    return `flush(${this.#returns ? 'returning' : 'throwing'})`;
  }
}
