import {
  type AlreadyEnded,
  BasePool,
  type EventStore,
  type EventType,
  type JournalStore,
  MemoryStore,
  type Outcome,
  type PoolEvent,
  type PoolSnapshot,
  type SimpleTaskPool,
  TaskPool,
  type TaskResult,
} from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

declare const simple: SimpleTaskPool<string>;
const pool = new TaskPool({ poolSize: 3, retain: 'errors', journal: new MemoryStore() });
export const pools: BasePool[] = [pool, simple];

// A handler knows the event that it is for.
pool.on('task.ended', (event) => {
  check<Equal<typeof event.type, 'task.ended'>>();
  check<Equal<typeof event.outcome, Outcome>>();
  check<Equal<typeof event.seq, number>>();
  // @ts-expect-error another event's field
  event.progress;
  // @ts-expect-error an event is what it is
  event.seq = 1;
});
pool.on('pool.resized', ({ poolSize }) => check<Equal<typeof poolSize, number | null>>());
pool.on('task.*', (event) => {
  check<Equal<typeof event.id, number>>();
  // @ts-expect-error of tasks only
  if (event.type === 'pool.locked') return;
  if (event.type === 'task.ended') check<Equal<typeof event.ran, number | undefined>>();
});
pool.on('pool.*', ({ type }) => type.slice('pool.'.length), {
  once: true,
  signal: AbortSignal.abort(),
});
// @ts-expect-error no subject
pool.on('tasks.*', () => {});
pool.on('*', (event) => {
  check<Equal<typeof event, PoolEvent>>();
  if (event.type === 'group.created') check<Equal<typeof event.planned, number | undefined>>();
  // @ts-expect-error not every event has an id
  event.id;
});
const off = pool.on('pool.locked', () => {});
check<Equal<typeof off, () => void>>();
// @ts-expect-error a type there is not
pool.on('task.done', () => {});
// @ts-expect-error no handler
pool.on('task.ended');
// @ts-expect-error a handler of another event
pool.on('task.ended', (event: { type: 'pool.locked' }) => event);

// What is read only cannot be set.
pool.poolSize = 5;
// @ts-expect-error a size is a number
pool.poolSize = '5';
// @ts-expect-error a gauge
pool.numRunning = 1;
// @ts-expect-error totals only grow by themselves
pool.totals.created = 1;
// @ts-expect-error a name is given once
pool.name = 'other';
const snapshot = pool.snapshot();
check<Equal<typeof snapshot, PoolSnapshot>>();
// @ts-expect-error a snapshot is what it is
snapshot.tasks[0] = snapshot.tasks[1];

// cancel takes ids, or a list of them with a reason.
pool.cancel(1, 2, 3);
pool.cancel([1, 2], 'why');
pool.cancel(new Set([1]), new Error('why'));
pool.cancel('key', 'another key');
pool.cancel(['key', 3], 'why');
// @ts-expect-error a reason comes after a list
pool.cancel(1, 'why');
// @ts-expect-error a list of ids and keys
pool.cancel([true]);

// Results say which way a task went.
export async function results(group: ReturnType<typeof simple.start>): Promise<void> {
  for (const result of await group.settled()) {
    check<Equal<typeof result, TaskResult<string>>>();
    if (result.status === 'fulfilled') check<Equal<typeof result.value, string>>();
    else check<Equal<typeof result.reason, unknown>>();
    // @ts-expect-error only where it is fulfilled
    result.value;
  }
  for await (const value of group) check<Equal<typeof value, string>>();
  await using closing = pool;
  await using ending = group;
  check<Equal<typeof closing, TaskPool>>();
  ending.numConcurrent = 5;
  // @ts-expect-error a group's name is given once
  ending.name = 'other';
}

// What scopes give is what their bodies give.
const scoped = TaskPool.scope({ poolSize: 2 }, async (inner) => {
  check<Equal<typeof inner, TaskPool>>();
  return 5;
});
check<Equal<typeof scoped, Promise<number>>>();
const atOnce = TaskPool.scope({}, () => 'a');
check<Equal<typeof atOnce, Promise<string>>>();

// Actors are those of the charts.
const { actor } = pool.task(0);
check<Equal<ReturnType<typeof actor.getSnapshot>['context']['outcome'], Outcome | undefined>>();
actor.send({ type: 'task.cancelling', id: 0 });
actor.getSnapshot().matches({ running: 'cancelling' });
pool.actor.send({ type: 'pool.locked' });
// @ts-expect-error an event of no task
actor.send({ type: 'pool.locked' });
// @ts-expect-error a state there is not
actor.getSnapshot().matches('flying');
// @ts-expect-error a tag there is not
actor.getSnapshot().hasTag('flying');

// Invalid options do not compile.
declare const store: JournalStore;
declare const unwritten: EventStore;
// @ts-expect-error a store that does not say how pools write to it
new TaskPool({ journal: unwritten });
new TaskPool({ journal: store });
new TaskPool({ journal: { size: 5 } });
new TaskPool({ logger: console, actors: 'eager', maxQueued: 5, name: 'mine' });
// @ts-expect-error a word that says nothing
new TaskPool({ retain: 'some' });
// @ts-expect-error an option there is not
new TaskPool({ size: 5 });
// @ts-expect-error no logger
new TaskPool({ logger: {} });
// @ts-expect-error no store
new TaskPool({ journal: {} });
// @ts-expect-error a pool of no kind
new BasePool('TaskPool', {});
declare const error: AlreadyEnded;
check<Equal<typeof error.code, 'AlreadyEnded'>>();
check<Equal<typeof error.name, 'AlreadyEnded'>>();

// `on` takes each type there is, and no other.
declare const type: EventType;
pool.on(type, () => {}, { replay: true });
// @ts-expect-error: there is no such event
pool.on('task.startd', () => {});

// Limits in time and further attempts: of a call, of a simple pool, and of what a failure decides.
pool.map(async (n: number) => n, [1], {
  timeout: 1,
  waitTimeout: 2,
  deadline: 3,
  maxInterruptions: 4,
  retry: {
    limit: 5,
    jitter: 'full',
    when: (error, { attempt, task }) => {
      check<Equal<typeof error, unknown>>();
      check<Equal<typeof attempt, number>>();
      check<Equal<typeof task.groupName, string>>();
      return attempt < 3 && 1_000;
    },
  },
});
pool.apply(async () => 1, [], { retry: 3 });
// @ts-expect-error there is no such way to spread delays
pool.apply(async () => 1, [], { retry: { limit: 1, jitter: 'some' } });
// @ts-expect-error a policy says how often
pool.apply(async () => 1, [], { retry: { delay: 1 } });
check<Equal<ReturnType<typeof pool.stuck>[number]['state'], 'cancelling' | 'timedOut'>>();
