import type { World } from '../world.ts';
import { Step } from './step.ts';

type PoolRequest =
  | 'pool.locked'
  | 'pool.unlocked'
  | 'pool.paused'
  | 'pool.resumed'
  | 'pool.resized'
  | 'pool.closing'
  | 'pool.flushed'
  | 'pool.closed';

/** Sends an event to the pool's actor. Events that the pool cannot cause are refused. */
export class SendToPool extends Step {
  readonly #type: PoolRequest;
  readonly #poolSize: number;

  constructor(type: PoolRequest, poolSize: number) {
    super();
    this.#type = type;
    this.#poolSize = poolSize;
  }

  act(world: World): void {
    const { actor } = world.pool;
    world.isPoolWatched = true;
    if (actor.getSnapshot().status !== 'active') return;
    const type = this.#type;
    const { seq, status, poolSize, isPaused } = world.oracle;
    const isGranted =
      (type === 'pool.locked' && status === 'open') ||
      (type === 'pool.unlocked' && status === 'locked') ||
      (type === 'pool.paused' && !isPaused) ||
      (type === 'pool.resumed' && isPaused) ||
      (type === 'pool.closing' && (status === 'open' || status === 'locked')) ||
      (type === 'pool.resized' && poolSize !== this.#poolSize);
    const event = { type, poolSize: this.#poolSize, forgotten: 0 };
    world.call(`send ${type}`, [undefined], () => actor.send(event));
    if (world.oracle.seq > seq !== isGranted) {
      world.report(`${type} sent to a pool that is ${status}: granted ${!isGranted}`);
    }
  }

  toString(): string {
    return `send(${this.#type}, ${this.#poolSize})`;
  }
}
