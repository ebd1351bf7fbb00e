import { setImmediate } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type AnyActorRef, type InspectionEvent, waitFor } from 'xstate';
import type { PoolOptions } from 'xstate-taskpool';
import {
  type InspectedTask,
  type InspectSample,
  type InspectSampleOptions,
  inspectSample,
} from 'xstate-taskpool/inspect';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const idOf = ({ actorRef }: InspectionEvent) => (actorRef as AnyActorRef).id;
/** An inspection event as a short text: whom it concerns, and what it is about. */
const line = (event: InspectionEvent) =>
  `${idOf(event)} ${event.type}${'event' in event ? ` ${event.event.type}` : ''}`;
/** The tasks that were shown, in the order in which they were announced. */
const tasksIn = (events: readonly InspectionEvent[]) =>
  events
    .filter((event) => event.type === '@xstate.actor' && idOf(event).startsWith('task-'))
    .map((event) => Number(idOf(event).slice('task-'.length)));
const increment = async (n: number) => n + 1;
const range = (length: number) => Array.from({ length }, (_, n) => n);

/** A sample, and what it shows. */
function spy(options?: InspectSampleOptions) {
  const shown: InspectionEvent[] = [];
  const sample = inspectSample((event) => void shown.push(event), options);
  return { shown, sample };
}

/** Runs ten tasks in a pool; its events are the same each time, but for their order on a busy machine. */
async function runTen(inspect: NonNullable<PoolOptions['inspect']>): Promise<void> {
  const pool = taskPool({ inspect, name: 'ten', poolSize: 3 });
  pool.map(increment, range(10), { numConcurrent: 3 });
  pool.lock();
  await pool.gatherAndClose();
}

/** The lines of {@link runTen} for an inspector without a sample. */
async function allLines(): Promise<string[]> {
  const lines: string[] = [];
  await runTen((event) => lines.push(line(event)));
  return lines;
}

const uses = {
  'as the inspector of a pool': (sample: InspectSample) => sample,
  'behind another': (sample: InspectSample) => (event: InspectionEvent) => sample.next(event),
};

describe.each(Object.entries(uses))('a sample %s', (_, use) => {
  test('shows everything as it comes without options', async () => {
    const { shown, sample } = spy();
    await runTen(use(sample));
    expect(shown.map(line).sort()).toEqual((await allLines()).sort());
    expect(tasksIn(shown)).toEqual(range(10));
    expect(sample.numTasks).toBe(10);
  });

  test('shows every n-th task whole, and nothing of the others', async () => {
    const { shown, sample } = spy({ every: 4 });
    await runTen(use(sample));
    const isOfOthers = (text: string) => /task-[^048]/.test(text);
    const expected = (await allLines()).filter((text) => !isOfOthers(text));
    expect(shown.map(line).sort()).toEqual(expected.sort());
    expect(tasksIn(shown)).toEqual([0, 4, 8]);
    expect(sample.numTasks).toBe(3);
  });

  test('shows no more than max tasks in all', async () => {
    const { shown, sample } = spy({ every: 2, max: 3 });
    await runTen(use(sample));
    expect(tasksIn(shown)).toEqual([0, 2, 4]);
    expect(sample.numTasks).toBe(3);
  });

  test('shows the pool alone with a max of 0', async () => {
    const { shown, sample } = spy({ max: 0 });
    await runTen(use(sample));
    expect(new Set(shown.map(idOf))).toEqual(new Set(['TaskPool-ten']));
    expect(shown.map(line)).toContain('TaskPool-ten @xstate.snapshot pool.closed');
  });

  test('leaves out what happens to groups, if told to', async () => {
    const { shown, sample } = spy({ groups: false });
    await runTen(use(sample));
    const isOfGroup = (text: string) => text.includes(' group.');
    const all = await allLines();
    expect(all.filter(isOfGroup)).toHaveLength(4);
    expect(shown.map(line).sort()).toEqual(all.filter((text) => !isOfGroup(text)).sort());
  });

  test('counts what the filter accepts, which it asks once about each task', async () => {
    const asked: unknown[] = [];
    const filter = (task: InspectedTask) => {
      asked.push(task);
      return task.group === 'odd';
    };
    const { shown, sample } = spy({ every: 2, filter });
    const pool = taskPool({ inspect: use(sample), poolSize: 1 });
    pool.map(increment, range(4), { groupName: 'even' });
    pool.map(increment, range(4), { groupName: 'odd' });
    await pool.gatherAndClose();
    expect(asked).toHaveLength(8);
    expect(asked[0]).toEqual({ id: 0, group: 'even', index: 0, attempt: 1 });
    const [, ...tasks] = shown.filter(({ type }) => type === '@xstate.actor');
    const facts = tasks.map(({ actorRef }) => actorRef.getSnapshot().context);
    expect(facts.map(({ group, index }) => `${group} ${index}`)).toEqual(['odd 0', 'odd 2']);
  });

  test('shows all that happens to a task, in order', async () => {
    const { shown, sample } = spy({ every: 2 });
    const pool = taskPool({ inspect: use(sample), poolSize: 1 });
    pool.apply(untilAborted, [], { num: 3 });
    await turn();
    pool.cancelAll();
    await pool.gatherAndClose();
    const lines = shown.map(line).filter((text) => text.includes('task-'));
    expect(lines).toEqual([
      'task-0 @xstate.actor',
      'task-0 @xstate.event xstate.init',
      'task-0 @xstate.snapshot xstate.init',
      'task-0 @xstate.event task.started',
      'task-0 @xstate.snapshot task.started',
      'task-0 @xstate.event task.cancelling',
      'task-0 @xstate.snapshot task.cancelling',
      'task-0 @xstate.event task.cancelled',
      'task-0 @xstate.snapshot task.cancelled',
      'task-0 @xstate.event task.ended',
      `${pool} @xstate.event xstate.done.actor.task-0`,
      'task-0 @xstate.snapshot task.ended',
    ]);
  });

  test('does not show a task only because somebody else looks at it', async () => {
    const { shown, sample } = spy({ every: 2 });
    const pool = taskPool({ inspect: use(sample) });
    const gate = new Gate();
    pool.apply(() => gate.promise, [], { num: 3 });
    await turn();
    const end = waitFor(pool.task(1).actor, (snapshot) => snapshot.matches('ended'));
    const others: InspectionEvent[] = [];
    pool.actor.system.inspect((event) => void others.push(event));
    gate.resolve();
    await end;
    await pool.map(increment, range(4)).results();
    expect(tasksIn(shown)).toEqual([0, 2, 4, 6]);
    expect(tasksIn(others)).toEqual([3, 4, 5, 6]);
    expect(shown.map(line).filter((text) => text.includes('task-1'))).toEqual([]);
  });

  test('is shared by several pools', async () => {
    const { shown, sample } = spy({ max: 3 });
    const pools = ['one', 'two'].map((name) => taskPool({ name, inspect: use(sample) }));
    for (const pool of pools) pool.map(increment, range(2));
    await Promise.all(pools.map((pool) => pool.gatherAndClose()));
    expect(tasksIn(shown)).toHaveLength(3);
    const closed = shown.map(line).filter((text) => text.endsWith('@xstate.snapshot pool.closed'));
    expect(closed).toHaveLength(2);
  });

  test('does not show what is sent to a task after its end', async () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    const { shown, sample } = spy();
    const pool = taskPool({ inspect: use(sample) });
    await pool.apply(increment, [1]).results();
    const before = shown.length;
    pool.task(0).actor.send({ type: 'task.cancelled', id: 0 });
    expect(shown).toHaveLength(before);
    expect(sample.numTasks).toBe(1);
  });

  test('holds on to no task that has ended', async () => {
    const actors: WeakRef<object>[] = [];
    const sample = inspectSample((event) => {
      if (event.type === '@xstate.actor') actors.push(new WeakRef(event.actorRef));
    });
    const pool = taskPool({ inspect: use(sample), retain: 'none' });
    pool.map(increment, range(100));
    await pool.untilIdle();
    await setImmediate();
    globalThis.gc?.();
    const alive = actors.filter((ref) => ref.deref() !== undefined);
    expect(actors).toHaveLength(101);
    // The pool's own, and at most a few that the machine has not cleared yet.
    expect(alive.length).toBeLessThan(5);
    expect(sample.numTasks).toBe(100);
    expect(pool.numRunning).toBe(0);
  });
});

describe('late', () => {
  test('an inspector that comes late is introduced to the pool and to what runs', async () => {
    const { shown, sample } = spy();
    const pool = taskPool();
    const gate = new Gate();
    await pool.apply(increment, [1]).results();
    pool.apply(() => gate.promise, [], { num: 2 });
    await turn();
    pool.actor.system.inspect(sample);
    gate.resolve();
    await pool.untilIdle();
    await pool.gatherAndClose();
    const lines = shown.map(line);
    expect(tasksIn(shown)).toEqual([1, 2]);
    expect(lines.slice(0, 4)).toEqual([
      `${pool} @xstate.actor`,
      'task-1 @xstate.actor',
      'task-1 @xstate.event task.ended',
      `${pool} @xstate.event xstate.done.actor.task-1`,
    ]);
    expect(lines.at(-1)).toBe(`${pool} @xstate.snapshot pool.closed`);
    expect(lines.filter((text) => text === `${pool} @xstate.actor`)).toHaveLength(1);
  });

  test('tasks that come after a late inspector are sampled', async () => {
    const { shown, sample } = spy({ every: 3 });
    const pool = taskPool();
    pool.actor.system.inspect(sample);
    pool.map(increment, range(7));
    await pool.gatherAndClose();
    expect(tasksIn(shown)).toEqual([0, 3, 6]);
    expect(shown.map(line)).toContain('task-6 @xstate.snapshot task.ended');
  });
});
