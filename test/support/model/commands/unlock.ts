import type { World } from '../world.ts';
import { Step } from './step.ts';

export class Unlock extends Step {
  act(world: World): void {
    const { status } = world.oracle;
    const isClosing = status === 'closing' || status === 'closed';
    world.call('unlock', [isClosing ? 'PoolIsClosed' : undefined], () => world.pool.unlock());
    if (!isClosing && world.pool.isLocked) world.report('unlock() left the pool locked');
  }

  toString(): string {
    return 'unlock()';
  }
}
