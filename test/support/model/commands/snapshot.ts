import type { World } from '../world.ts';
import { Step } from './step.ts';

/** Takes a snapshot; at the end it is compared with a replay up to there. */
export class Snapshot extends Step {
  act(world: World): void {
    world.snapshots.push(world.pool.snapshot());
  }

  toString(): string {
    return 'snapshot()';
  }
}
