import { Drain } from '../drain.ts';
import { noteCancelAll } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

/** `gatherAndClose`, with a signal that is already aborted, one that may be aborted later, or none. */
export class Gather extends Step {
  readonly #returns: boolean;
  readonly #signal: 'none' | 'live' | 'aborted';

  constructor(returns: boolean, signal: 'none' | 'live' | 'aborted') {
    super();
    this.#returns = returns;
    this.#signal = signal;
  }

  act(world: World): void {
    const { gathering, pool } = world;
    const returnExceptions = this.#returns;
    const signal = this.#signalFor(world);
    const options = signal === undefined ? { returnExceptions } : { returnExceptions, signal };
    // The signal of every call counts until the pool is closed; the other options are those of the first call.
    const isHeard = signal !== undefined && world.oracle.status !== 'closed';
    if (isHeard && signal.aborted) {
      noteCancelAll(world, signal.reason);
      world.isQuiet = false;
    }
    if (isHeard && this.#signal === 'live') world.isGatherSignalGiven = true;
    const promise = world.call('gatherAndClose', [undefined], () => pool.gatherAndClose(options));
    if (gathering !== undefined) {
      if (promise !== gathering) world.report('gatherAndClose returned another promise');
      return;
    }
    world.gathering = promise;
    const drain = new Drain(world, 'gatherAndClose', returnExceptions, promise as Promise<unknown>);
    world.drains.push(drain);
  }

  #signalFor(world: World): AbortSignal | undefined {
    if (this.#signal === 'none') return undefined;
    return this.#signal === 'live' ? world.gatherController.signal : AbortSignal.abort('aborted');
  }

  toString(): string {
    return `gatherAndClose(${this.#returns ? 'returning' : 'throwing'}, signal: ${this.#signal})`;
  }
}
