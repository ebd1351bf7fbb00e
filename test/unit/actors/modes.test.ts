/** Whether an actor was made at once or when somebody looked must not show. */

import { describe, expect, test } from 'vitest';
import type { AnyActorRef, InspectionEvent } from 'xstate';
import { type PoolOptions, TaskPool } from 'xstate-taskpool';
import { Gate, Log, turn, untilAborted } from '../../support/pools.ts';

type Notes = unknown[];
/** What is looked at in the middle of a run, and noted. */
type Look = (pool: TaskPool, notes: Notes) => void;

/** One run with something of everything; looks at it are taken at five moments. */
async function run(actors: 'lazy' | 'eager', looks: readonly (Look | undefined)[]) {
  const notes: Notes = [];
  const options: PoolOptions = { actors, name: 'mine', poolSize: 3, logger: new Log() };
  const pool = new TaskPool(options);
  const look = (n: number) => looks[n]?.(pool, notes);
  const gate = new Gate();
  look(0);
  const callback = new Gate();
  pool.map((n: number) => (n === 1 ? Promise.reject(new Error('bad')) : n), [0, 1, 2], {
    groupName: 'quick',
  });
  pool.apply(
    async (context) => {
      context.report(0.5);
      await untilAborted(context).catch(() => gate.promise);
      throw context.signal.reason;
    },
    [],
    { groupName: 'slow', num: 2, cancelCallback: () => callback.promise },
  );
  await turn();
  look(1);
  pool.poolSize = 4;
  pool.cancelGroup('slow', 'why');
  await turn();
  look(2);
  gate.resolve();
  pool.apply(untilAborted, [], { groupName: 'late' });
  await turn();
  look(3);
  callback.resolve();
  pool.lock();
  pool.cancelAll();
  await turn();
  look(4);
  await pool.flush({ returnExceptions: true });
  await pool.gatherAndClose();
  return notes;
}

const facts = (snapshot: unknown) => {
  const { value, context, status, output } = snapshot as Record<string, unknown>;
  return JSON.stringify({ value, context: { ...(context as object), at: 0 }, status, output });
};

/** Subscribes to the actors of all tasks there are, and notes their snapshots. */
const watchTasks: Look = (pool, notes) => {
  for (const { id } of pool.snapshot().tasks) {
    const { actor } = pool.task(id);
    notes.push(['task', id, facts(actor.getSnapshot())]);
    actor.subscribe({
      next: (snapshot) => void notes.push(['task', id, facts(snapshot)]),
      complete: () => void notes.push(['task', id, 'complete']),
      error: () => void notes.push(['task', id, 'error']),
    });
  }
};

const watchPool: Look = (pool, notes) => {
  notes.push(['pool', facts(pool.actor.getSnapshot())]);
  pool.actor.subscribe({
    next: (snapshot) => void notes.push(['pool', facts(snapshot)]),
    complete: () => void notes.push(['pool', 'complete']),
  });
};

/** Inspects the system of the pool from now on. */
const inspect: Look = (pool, notes) => {
  pool.actor.system.inspect((event) => void notes.push(['inspected', line(event)]));
};

function line(event: InspectionEvent): string {
  const parts = [event.type, (event.actorRef as AnyActorRef).id];
  if ('event' in event) parts.push(JSON.stringify({ ...event.event, at: 0 }));
  if ('sourceRef' in event) parts.push(String((event.sourceRef as AnyActorRef | undefined)?.id));
  if ('snapshot' in event) parts.push(facts(event.snapshot));
  return parts.join(' ');
}

const both =
  (...looks: Look[]): Look =>
  (pool, notes) => {
    for (const look of looks) look(pool, notes);
  };
const moments = [0, 1, 2, 3, 4];
const at = (moment: number, look: Look) =>
  moments.map((each) => (each === moment ? look : undefined));

describe('lazy and eager actors show the same', () => {
  test.each(moments)('to observers of tasks from moment %i on', async (moment) => {
    const eager = await run('eager', at(moment, watchTasks));
    expect(await run('lazy', at(moment, watchTasks))).toEqual(eager);
    if (moment > 0) expect(eager.length).toBeGreaterThan(3);
  });

  test.each(moments)('to observers of the pool from moment %i on', async (moment) => {
    const eager = await run('eager', at(moment, watchPool));
    expect(await run('lazy', at(moment, watchPool))).toEqual(eager);
    expect(eager.length).toBeGreaterThan(3);
  });

  test.each(moments)('to inspectors from moment %i on', async (moment) => {
    const eager = await run('eager', at(moment, inspect));
    expect(await run('lazy', at(moment, inspect))).toEqual(eager);
    expect(eager.length).toBeGreaterThan(3);
  });

  test.each(moments)(
    'to those who look at tasks after they inspect, from %i on',
    async (moment) => {
      const look = both(inspect, watchTasks, watchPool);
      expect(await run('lazy', at(moment, look))).toEqual(await run('eager', at(moment, look)));
    },
  );

  test('to those who look again and again', async () => {
    const looks = [watchPool, watchTasks, inspect, watchTasks, both(watchTasks, inspect)];
    expect(await run('lazy', looks)).toEqual(await run('eager', looks));
  });
});

test('an inspector given at the start sees what one that comes at once sees', async () => {
  const inspected = async (options: PoolOptions, late: boolean) => {
    const lines: string[] = [];
    const see = (event: InspectionEvent) => void lines.push(line(event));
    const pool = new TaskPool({
      name: 'mine',
      logger: new Log(),
      ...options,
      ...(late ? {} : { inspect: see }),
    });
    if (late) pool.actor.system.inspect(see);
    await pool.map((n: number) => n, [1, 2], { groupName: 'quick' }).results();
    await pool.gatherAndClose();
    return lines.filter((text) => text.includes('task-'));
  };
  const early = await inspected({}, false);
  expect(early.length).toBeGreaterThan(10);
  expect(await inspected({ actors: 'lazy' }, true)).toEqual(early);
  expect(await inspected({ actors: 'eager' }, true)).toEqual(early);
});
