/** A slot that passes to the next task in one step, compared with the same events recorded one by one. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PoolOptions, replay, TaskPool } from 'xstate-taskpool';
import { Gate, Log, turn } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

type Group = ReturnType<TaskPool['map']>;

/** What is done to a pool while functions run; `run` is that of its tasks. */
const DEEDS = {
  cancel: (pool: TaskPool, n: number) => {
    if (pool.totals.created > n) pool.task(n).cancel();
  },
  resize: (pool: TaskPool, n: number) => {
    pool.poolSize = 1 + (n % 4);
  },
  pause: (pool: TaskPool) => (pool.isPaused ? pool.resume() : pool.pause()),
  prioritise: (_pool: TaskPool, n: number, group: Group) => {
    group.priority = n;
  },
  submit: (pool: TaskPool, n: number, _group: Group, run: () => Promise<void>) => {
    for (let call = 0; call < n; call++) {
      ignore(pool.submit(run, [], n % 2 === 0 ? {} : { priority: call % 3 }));
    }
  },
  stop: (_pool: TaskPool, _n: number, group: Group) => group.stop(),
  results: (_pool: TaskPool, n: number, group: Group) => {
    ignore(n % 2 === 0 ? group.results() : group.first());
  },
};
const DEED_NAMES = Object.keys(DEEDS) as (keyof typeof DEEDS)[];

/** Most often, functions settle. */
interface Deed {
  readonly what: keyof typeof DEEDS | 'fulfil' | 'reject';
  readonly n: number;
}

interface Program {
  readonly poolSize: number;
  readonly retain: NonNullable<PoolOptions['retain']>;
  readonly asyncContext: boolean;
  readonly lengths: readonly number[];
  readonly numConcurrent: number;
  readonly deeds: readonly Deed[];
}

const deeds: fc.Arbitrary<Deed> = fc.record({
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Deed['what']>('fulfil') },
    { weight: 4, arbitrary: fc.constantFrom<Deed['what'][]>('reject', ...DEED_NAMES) },
  ),
  n: fc.nat({ max: 9 }),
});

const programs: fc.Arbitrary<Program> = fc.record({
  poolSize: fc.integer({ min: 1, max: 4 }),
  retain: fc.constantFrom<Program['retain'][]>('none', 'errors', 'all', 3),
  asyncContext: fc.boolean(),
  lengths: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }),
  numConcurrent: fc.integer({ min: 1, max: 4 }),
  deeds: fc.array(deeds, { maxLength: 30 }),
});

function ignore(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

/** All that has happened, but for times. */
async function eventsOf(program: Program, watched?: 'task.queued' | 'task.started') {
  const { poolSize, retain, asyncContext, numConcurrent } = program;
  const pool = new TaskPool({ poolSize, retain, asyncContext, logger: new Log() });
  if (watched !== undefined) pool.on(watched, () => {});
  const running: Gate[] = [];
  const run = (): Promise<void> => {
    const gate = new Gate();
    running.push(gate);
    return gate.promise;
  };
  const groups = program.lengths.map((length) =>
    pool.map(run, Array.from({ length }), { numConcurrent }),
  );
  const act = ({ what, n }: Deed): void => {
    if (what === 'fulfil') for (const gate of running.splice(0, 1 + (n % 3))) gate.resolve();
    else if (what === 'reject') running.shift()?.reject(new Error('failed'));
    else DEEDS[what](pool, n, groups[n % groups.length] as Group, run);
  };
  for (const deed of program.deeds) {
    await turn();
    expect(replay(pool.journal)).toEqual(pool.snapshot());
    try {
      act(deed);
    } catch {
      // Refused, in all pools alike.
    }
  }
  if (pool.isPaused) pool.resume();
  const closed = pool.gatherAndClose({ returnExceptions: true });
  for (; !pool.isClosed; await turn()) act({ what: 'fulfil', n: 2 });
  await closed;
  const isTime = (name: string) => ['at', 'uid', 'pool'].includes(name);
  return pool.journal
    .events()
    .map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => !isTime(name))));
}

test('a slot that passes on in one step leaves the same events as one by one', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const events = await eventsOf(program);
      expect(events).toEqual(await eventsOf(program, 'task.started'));
      expect(events).toEqual(await eventsOf(program, 'task.queued'));
    }),
    runs(120),
  );
});
