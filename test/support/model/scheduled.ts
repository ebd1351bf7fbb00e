/** Programs whose pauses are opened by fast-check's scheduler, in an order that it chooses. */

import type fc from 'fast-check';
import type { Pauses } from './gates.ts';
import { checkInvariants } from './invariants.ts';
import type { World } from './world.ts';

export function scheduledPauses(scheduler: fc.Scheduler): Pauses {
  return {
    pause: (label) => ({
      opened: scheduler.schedule(Promise.resolve(), label),
      drop: () => {},
    }),
  };
}

/** Opens one pause after the other until none is left, and checks everything in between. */
export async function openAll(scheduler: fc.Scheduler, world: World): Promise<void> {
  await world.settle();
  while (scheduler.count() > 0) {
    await scheduler.waitOne();
    await world.settle();
    checkInvariants(world);
  }
}
