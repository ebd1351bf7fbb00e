import type fc from 'fast-check';
import type { BasePool } from 'xstate-taskpool';
import { checkInvariants } from '../invariants.ts';
import type { World } from '../world.ts';

/** One step of a program: does something and, when the pool is quiet again, checks everything. */
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

  /** Performs the step without waiting, so that several can be concurrent. */
  abstract act(world: World, pool: P): void | Promise<void>;

  /** For reports: short, and enough to write the program as a test. */
  abstract toString(): string;
}

/** Also before a step if a scheduler opens the gates: it may just have opened one. */
async function settle(world: World): Promise<void> {
  await world.settle();
  checkInvariants(world);
}

/** The picked one, however many exist by now. */
export function pickFrom<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}
