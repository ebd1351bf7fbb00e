/** When functions are called, and where: in the order of the starts of their tasks, in the context of their call. */

import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { TaskContext, TaskGroup, TaskPool } from 'xstate-taskpool';
import { taskPool, turn } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

const storage = new AsyncLocalStorage<string>();
const ITEMS = Array.from({ length: 100 }, (_, item) => item);

class World {
  readonly pool: TaskPool = taskPool({ poolSize: 2 });
  readonly called: [group: string, id: number][] = [];
  readonly misplaced: number[] = [];
  readonly #running: (() => void)[] = [];
  readonly groups: readonly TaskGroup<void>[];

  constructor() {
    this.groups = ['a', 'b'].map((groupName) =>
      storage.run(groupName, () =>
        this.pool.map(this.work, ITEMS, { groupName, numConcurrent: 2 }),
      ),
    );
  }

  readonly work = (_: number, { id, groupName }: TaskContext): Promise<void> => {
    this.called.push([groupName, id]);
    if (storage.getStore() !== groupName) this.misplaced.push(id);
    return new Promise((resolve) => void this.#running.push(resolve));
  };

  submit(): void {
    storage.run('c', () => {
      this.pool.submit(this.work, [0], { groupName: 'c' }).catch(() => {});
    });
  }

  settle(which: number): void {
    const [end] = this.#running.splice(which % this.#running.length, 1);
    end?.();
  }

  async finish(): Promise<void> {
    this.pool.cancelAll();
    for (const end of this.#running) end();
    await this.pool.gatherAndClose({ returnExceptions: true });
  }

  compare(): void {
    const started = [...this.pool.journal].filter((event) => event.type === 'task.started');
    for (const name of ['a', 'b', 'c']) {
      const called = this.called.filter(([group]) => group === name).map(([, id]) => id);
      expect(called).toEqual(started.filter(({ group }) => group === name).map(({ id }) => id));
    }
    expect(this.misplaced).toEqual([]);
  }
}

const small = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<(world: World) => void> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.nat(9).map((which) => (world: World) => world.settle(which)),
  },
  fc.tuple(fc.nat(1), small).map(([which, size]) => ({ groups }: World) => {
    (groups[which] as TaskGroup<void>).numConcurrent = size;
  }),
  small.map((size) => ({ pool }: World) => {
    pool.poolSize = size;
  }),
  fc.constant(({ pool }: World) => (pool.isPaused ? pool.resume() : pool.pause())),
  fc.constant((world: World) => world.submit()),
);

property(
  [
    fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 12, size: 'max' }),
    fc.nat(4),
  ],
  runs(400),
)('functions are called in the order of the starts, in their contexts', async (batches, apart) => {
  const world = new World();
  for (const batch of batches) {
    for (const take of batch) {
      take(world);
      for (let job = 0; job < apart; job++) await undefined;
    }
    await turn();
    world.compare();
  }
  await world.finish();
});
