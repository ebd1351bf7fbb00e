import { isDeepStrictEqual } from 'node:util';
import type { SimpleTaskPool } from 'xstate-taskpool';
import type { TaskFacts } from '../facts.ts';
import { noteCancel } from '../operations.ts';
import type { World } from '../world.ts';
import { Step } from './step.ts';

/** `stop(n)`, or `stopAll()` without a number. */
export class Stop extends Step<SimpleTaskPool> {
  readonly #num: number | undefined;

  constructor(num: number | undefined) {
    super();
    this.#num = num;
  }

  act(world: World, pool: SimpleTaskPool): void {
    const youngest = world.oracle.in('running').sort((a, b) => startOf(b) - startOf(a));
    const waiting = world.oracle.in('queued', 'delayed').filter(({ group }) => group.isKnown);
    waiting.sort((a, b) => b.id - a.id);
    const expected =
      this.#num === undefined ? [...waiting, ...youngest] : youngest.slice(0, this.#num);
    for (const task of expected) noteCancel(world, task, undefined);
    const num = this.#num;
    const ids = world.call(this.toString(), [undefined], () =>
      num === undefined ? pool.stopAll() : pool.stop(num),
    );
    const expectedIds = expected.map(({ id }) => id);
    // A subscriber may have cancelled one of them in the meantime.
    if (!world.wasDisturbed && !isDeepStrictEqual(ids, expectedIds)) {
      world.report(`${this} returned ${ids}, expected ${expectedIds}`);
    }
  }

  toString(): string {
    return this.#num === undefined ? 'stopAll()' : `stop(${this.#num})`;
  }
}

/** The `seq` with which a task started. */
function startOf(task: TaskFacts): number {
  return task.events.findLast(({ type }) => type === 'task.started')?.seq ?? -1;
}
