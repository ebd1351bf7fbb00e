/** The tasks that a snapshot lists are those that a naive list has, whatever was forgotten and whatever is asked. */

import fc from 'fast-check';
import { expect } from 'vitest';
import type { PoolEvent, TaskFilter } from 'xstate-taskpool';
import { taskPool, turn } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

const STATES = ['queued', 'running', 'cancelling', 'ended'] as const;
const GROUPS = ['a', 'b', 'c'];

const step = fc.oneof(
  fc.record({
    group: fc.constantFrom(...GROUPS),
    num: fc.nat(400),
    ends: fc.constantFrom('at once', 'badly', 'later'),
  }),
  fc.constantFrom('release', 'flush', 'cancel'),
);

const filter: fc.Arbitrary<TaskFilter> = fc.record(
  {
    state: fc.constantFrom(...STATES),
    group: fc.constantFrom(...GROUPS),
    before: fc.nat(1200),
    last: fc.nat(300),
  },
  { requiredKeys: [] },
);

/** What is remembered, by the simplest means. */
class Naive {
  tasks: { id: number; group: string; state: string }[] = [];
  readonly #retain: number;
  /** In the order in which they ended. */
  #ended: number[] = [];

  constructor(retain: number) {
    this.#retain = retain;
  }

  add(event: PoolEvent): void {
    if (event.type === 'task.queued') {
      this.tasks.push({ id: event.id, group: event.group, state: 'queued' });
    } else if (event.type === 'task.started') this.#set(event.id, 'running');
    else if (event.type === 'task.cancelling') this.#set(event.id, 'cancelling');
    else if (event.type === 'task.cancelled') this.#set(event.id, 'cancelled');
    else if (event.type === 'task.ended') {
      this.#set(event.id, 'ended');
      this.#ended.push(event.id);
      this.#forget(this.#ended.length - this.#retain);
    } else if (event.type === 'pool.flushed') this.#forget(this.#ended.length);
  }

  list({ state, group, before = Infinity, last = Infinity }: TaskFilter): number[] {
    const ids = this.tasks
      .filter((task) => task.id < before)
      .filter((task) => state === undefined || task.state === state)
      .filter((task) => group === undefined || task.group === group)
      .map(({ id }) => id);
    return last === 0 ? [] : ids.slice(-last);
  }

  #set(id: number, state: string): void {
    for (const task of this.tasks) if (task.id === id) task.state = state;
  }

  #forget(count: number): void {
    if (count <= 0) return;
    const forgotten = this.#ended.splice(0, count);
    this.tasks = this.tasks.filter(({ id }) => !forgotten.includes(id));
  }
}

property(
  [fc.nat(500), fc.array(step, { minLength: 2, maxLength: 6 }), fc.array(filter, { minLength: 9 })],
  runs(30),
)(
  'a snapshot lists the tasks that are remembered and asked for',
  async (retain, steps, filters) => {
    const pool = taskPool({ poolSize: 100, retain });
    const naive = new Naive(retain);
    pool.on('*', (event) => naive.add(event), { replay: true });
    let release: (() => void)[] = [];
    const work = (ends: string) => {
      if (ends === 'badly') throw new Error(ends);
      return ends === 'later' ? new Promise<void>((done) => release.push(done)) : undefined;
    };
    for (const each of steps) {
      if (each === 'flush') await pool.flush({ returnExceptions: true });
      else if (each === 'cancel') pool.cancelAll();
      else if (each === 'release') {
        for (const done of release) done();
        release = [];
      } else {
        const { num, ends, group } = each;
        const groupName = pool.snapshot({ tasks: false }).groups.some(({ name }) => name === group)
          ? undefined
          : group;
        pool.apply(work, [ends], { num, ...(groupName && { groupName }) });
      }
      await turn();
      for (const tasks of [{}, ...filters]) {
        const listed = pool.snapshot({ tasks }).tasks.map(({ id }) => id);
        expect(listed).toEqual(naive.list(tasks));
      }
    }
    for (const done of release) done();
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  },
);
