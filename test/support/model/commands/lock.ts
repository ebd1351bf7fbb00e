import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Lock extends Step {
  act(world: World): void {
    world.call('lock', [undefined], () => world.pool.lock());
  }

  toString(): string {
    return 'lock()';
  }
}
