import { noteCancelAll } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

export class CancelAll extends Step {
  readonly #reason: unknown;

  constructor(reason: unknown) {
    super();
    this.#reason = reason;
  }

  act(world: World): void {
    noteCancelAll(world, this.#reason);
    world.call('cancelAll', [undefined], () => world.pool.cancelAll(this.#reason));
  }

  toString(): string {
    return `cancelAll(${JSON.stringify(this.#reason)})`;
  }
}
