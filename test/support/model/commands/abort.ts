import { abortSignal, noteCancelAll } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

/** Aborts a signal: that of some groups, of the pool, or of `gatherAndClose`. */
export class Abort extends Step {
  readonly #which: number | 'pool' | 'gather';
  readonly #reason: unknown;

  constructor(which: number | 'pool' | 'gather', reason: unknown) {
    super();
    this.#which = which;
    this.#reason = reason;
  }

  act(world: World): void {
    if (typeof this.#which === 'number') abortSignal(world, this.#which, this.#reason);
    else this.#abort(world, this.#which);
  }

  #abort(world: World, which: 'pool' | 'gather'): void {
    const controller = which === 'pool' ? world.poolController : world.gatherController;
    const isHeard = which === 'pool' || world.isGatherSignalGiven;
    if (isHeard && !controller.signal.aborted) noteCancelAll(world, this.#reason);
    world.call(`abort the signal of ${which}`, [undefined], () => controller.abort(this.#reason));
    if (which === 'pool' && world.oracle.status === 'open') world.report('the pool stays open');
  }

  toString(): string {
    return `abort(${this.#which}; ${JSON.stringify(this.#reason)})`;
  }
}
