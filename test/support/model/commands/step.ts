import type fc from 'fast-check';
import type { BasePool } from 'xstate-taskpool';
import { checkInvariants } from '../invariants.ts';
import type { World } from '../world.ts';

/** One step of a program: something is done, and when all is quiet again, everything is checked. */
export abstract class Step<P extends BasePool = BasePool> implements fc.AsyncCommand<World, P> {
  check(_world: Readonly<World>): boolean {
    return true;
  }

  async run(world: World, pool: P): Promise<void> {
    if (world.gates === undefined) await settle(world);
    world.note(this.toString());
    world.oracle.catchUp();
    await this.act(world, pool);
    await settle(world);
  }

  /** Does it. Waits for nothing, so that several can be done at once. */
  abstract act(world: World, pool: P): void | Promise<void>;

  /** Told again and again in reports: short, and enough to write the program down as a test. */
  abstract toString(): string;
}

/** Also before a step where a scheduler opens the gates: it may just have opened one. */
async function settle(world: World): Promise<void> {
  await world.settle();
  checkInvariants(world);
}

/** The one that was picked, however many there are by now. */
export function pickFrom<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}
