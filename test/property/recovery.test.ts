import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkpointOf,
  type EventHistory,
  MemoryStore,
  type PoolEvent,
  type Retain,
  replay,
} from 'xstate-taskpool';
import { expectedSnapshot } from '../support/model/expected-snapshot.ts';
import {
  type Call,
  Life,
  type LifeScript,
  lifeScript,
  type Sources,
} from '../support/model/lives.ts';
import { Oracle } from '../support/model/oracle.ts';
import { pathProblems } from '../support/model/path.ts';
import { turn } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

/** Every event of every life, which no checkpoint lets go. */
type Chronicle = PoolEvent[];

/** The naive reading of events, which the pool's own has to agree with. */
async function readNaively(events: readonly PoolEvent[]): Promise<Oracle> {
  const store = new MemoryStore({ size: Number.POSITIVE_INFINITY });
  await store.append(events);
  const oracle = new Oracle(store, 'lives', () => {});
  oracle.catchUp();
  return oracle;
}

async function check(life: Life, chronicle: Chronicle, before: Oracle): Promise<Oracle> {
  // At once: the pool does not wait for us.
  note(chronicle, life.pool.journal);
  const snapshot = life.pool.snapshot();
  const calls = [...life.calls];
  const oracle = await readNaively(chronicle);
  expect(oracle.problems).toEqual([]);
  expect(snapshot).toEqual(expectedSnapshot(oracle, 'lives'));
  expect(replay(chronicle)).toStrictEqual(snapshot);
  for (const task of oracle.tasks) expect(pathProblems(task)).toEqual([]);
  checkCalls(calls, before, oracle);
  return oracle;
}

/** What the store has got since goes to the chronicle. */
function note(chronicle: Chronicle, store: EventHistory): void {
  chronicle.push(...store.events({ fromSeq: Math.max(store.firstSeq, chronicle.length) }));
}

/** A store as a process leaves it that dies before the last events were written. */
async function dieWith(store: MemoryStore, chronicle: Chronicle, lost: number) {
  const snapshot = await store.latestCheckpoint();
  // A checkpoint is stored after the events up to it.
  chronicle.length = Math.max(chronicle.length - lost, (snapshot?.seq ?? 0) + 1);
  const left = new MemoryStore({ size: Number.POSITIVE_INFINITY });
  const events = JSON.parse(JSON.stringify(chronicle)) as PoolEvent[];
  await left.append(events);
  if (snapshot !== undefined) {
    await left.checkpoint(JSON.parse(JSON.stringify(snapshot)));
  }
  return left;
}

/** No life runs what had ended before it, and each says truly which attempt it is. */
function checkCalls(calls: readonly Call[], before: Oracle, after: Oracle): void {
  const attempts = new Map<number, number>();
  for (const { id, attempt, index, item } of calls) {
    expect(before.tasks[id]?.state).not.toBe('ended');
    expect(attempt).toBeGreaterThan(attempts.get(id) ?? 0);
    attempts.set(id, attempt);
    if (item.n !== -1) expect(item.n).toBe(index);
    // It may have failed since, and wait for another.
    const { attempt: last = 0, failures = 0 } = after.tasks[id] ?? {};
    if (failures === 0) expect(attempt).toBe(last);
    else expect(attempt).toBeLessThanOrEqual(last);
  }
}

async function lead(life: Life, { deeds }: Pick<LifeScript, 'deeds'>, chronicle: Chronicle) {
  const store = life.pool.journal;
  note(chronicle, store);
  for (const deed of deeds) {
    // Before a checkpoint lets it go.
    note(chronicle, store);
    await life.do(deed);
    note(chronicle, store);
  }
}

async function bringToAnEnd(life: Life, chronicle: Chronicle): Promise<void> {
  const { pool } = life;
  life.gates.openAll();
  if (!pool.isClosed && pool.poolSize === 0) pool.poolSize = 1;
  for (const { name } of pool.snapshot().groups) pool.group(name).resume();
  const closed = pool.gatherAndClose({ returnExceptions: true });
  while (!pool.isClosed) {
    await turn();
    life.clock.increment(100);
  }
  await closed;
  note(chronicle, pool.journal);
}

test('whatever a pool does, and whenever it dies, the next one goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(lifeScript, { minLength: 2, maxLength: 4 }),
      fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
      fc.constantFrom<Retain>('all', 'errors', 'none', 2),
      async (scripts, poolSize, retain) => {
        const sources: Sources = new Map();
        const chronicle: Chronicle = [];
        let life = new Life(sources);
        let store = new MemoryStore({ size: Number.POSITIVE_INFINITY });
        life.begin(store, poolSize, retain);
        let before = await readNaively([...store]);
        for (const script of scripts) {
          await lead(life, script, chronicle);
          await check(life, chronicle, before);
          store = await dieWith(store, chronicle, script.lost);
          before = await readNaively(chronicle);
          life = new Life(sources, life.clock.now() + script.lost);
          await life.goOn(store, script.onInterrupted);
          await check(life, chronicle, before);
          await turn();
        }
        await bringToAnEnd(life, chronicle);
        const after = await check(life, chronicle, before);
        expect(after.status).toBe('closed');
        for (const task of after.tasks) expect(task.state).toBe('ended');
        for (const { source, planned, tasks } of after.groups) {
          if (source === 'exhausted' && planned !== undefined) expect(tasks).toHaveLength(planned);
          expect(source).not.toBe('failed');
        }
        for (let seq = 0; seq < chronicle.length; seq += 7) {
          const from = JSON.parse(JSON.stringify(checkpointOf(chronicle, { until: seq })));
          const rest = chronicle.slice(seq + 1);
          expect(replay(rest, { from })).toStrictEqual(replay(chronicle));
          expect(checkpointOf(rest, { from })).toStrictEqual(checkpointOf(chronicle));
        }
      },
    ),
    runs(150),
  );
});
