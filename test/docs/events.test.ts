/** The table of events in the documentation, against events of every type as pools record them. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import {
  EVENT_TYPES,
  type JournalStore,
  journaling,
  MemoryStore,
  type PoolEvent,
  TaskPool,
} from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { ROOT } from '../support/built.ts';
import { storeOver } from '../support/memory-like.ts';
import { Log, turn, untilAborted } from '../support/pools.ts';

const ENVELOPE = ['v', 'pool', 'seq', 'at', 'type'];

/** Names of fields, and whether each is always there. */
type Fields = Readonly<Record<string, 'always' | 'sometimes'>>;

const { rows, events } = await gather();

test('every type of event has a row of its own, and nothing else has', () => {
  expect(rows.map(({ type }) => type).sort()).toEqual([...EVENT_TYPES].sort());
});

test('the envelope is what every event has in common', () => {
  for (const event of events) expect(Object.keys(event).slice(0, 5)).toEqual(ENVELOPE);
});

describe.each(EVENT_TYPES)('%s', (type) => {
  const row = rows.find((candidate) => candidate.type === type);
  const fields = fieldsOf(events.filter((event) => event.type === type));

  test('has the fields that its row names', () => {
    expect(row?.fields).toEqual(fields);
  });

  test('looks like its example', () => {
    const example = JSON.parse(row?.example ?? '') as Record<string, unknown>;
    expect(example['type']).toBe(type);
    const names = Object.keys(example).filter((name) => !ENVELOPE.includes(name));
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(names));
    const always = Object.keys(fields).filter((name) => fields[name] === 'always');
    expect(names).toEqual(expect.arrayContaining(always));
  });
});

async function gather() {
  const text = await readFile(join(ROOT, 'docs/events.md'), 'utf8');
  return { rows: rowsOf(text), events: await recordEveryType() };
}

/** The rows `| type | fields | when | example |`. Fields are in backticks, with `?` if optional. */
function rowsOf(text: string) {
  const lines = text.split('\n').filter((line) => /^\| *`\w+\.\w+` *\|/.test(line));
  return lines.map((line) => {
    const [, type = '', fields = '', , example = ''] = line.split(/(?<!\\)\|/);
    const named = [...fields.matchAll(/`(\w+)(\??)`/g)].map(
      ([, name = '', mark]): [string, Fields[string]] => [
        name,
        mark === '?' ? 'sometimes' : 'always',
      ],
    );
    const unquoted = (cell: string): string => cell.trim().replaceAll('`', '');
    return { type: unquoted(type), fields: Object.fromEntries(named), example: unquoted(example) };
  });
}

function fieldsOf(all: readonly PoolEvent[]): Fields {
  const names = new Set(all.flatMap(Object.keys).filter((name) => !ENVELOPE.includes(name)));
  const kind = (name: string) => (all.every((event) => name in event) ? 'always' : 'sometimes');
  return Object.fromEntries([...names].map((name) => [name, kind(name)]));
}

/** Events of every type, with and without each field that may be missing. */
async function recordEveryType(): Promise<PoolEvent[]> {
  const pool = new TaskPool({ logger: new Log(), name: 'every type' });
  const fail = () => {
    throw new Error('no');
  };
  pool.apply(async () => 1, [], { endCallback: fail });
  pool.map(async (_: number, { report }) => report(1), [1]);
  pool.map(async (_: number, { placed }) => placed('thread-3'), [1]);
  pool.map(fail, [1], { onError: 'stop' });
  pool.map(fail, failing());
  const group = pool.apply(untilAborted, [], { num: 2 });
  group.numConcurrent = 3;
  group.pause();
  group.resume();
  pool.poolSize = 10;
  pool.resize(11, { reason: 'more memory' });
  pool.lock();
  pool.unlock();
  pool.pause();
  pool.resume();
  await turn();
  const [first, second] = group.ids;
  pool.cancel(first as number);
  pool.cancel([second as number], 'no');
  await turn();
  pool.cancelGroup(pool.apply(untilAborted));
  pool.cancelGroup(pool.apply(untilAborted), 'no');
  pool.on('task.ended', () => {});
  await pool.apply(untilAborted, [], { signal: AbortSignal.abort() }).settled();
  await pool.apply(async () => 1).results();
  await pool.apply(fail, [], { retry: { limit: 1, delay: 0 } }).settled();
  await pool.flush({ returnExceptions: true });
  await pool.gatherAndClose({ returnExceptions: true });
  return [
    ...pool.journal,
    ...(await recordAttempts()),
    ...(await recordLimits()),
    ...(await recordResults()),
    ...(await recordSubmissions()),
    ...(await recordTwoLives()),
    ...(await recordSuspension()),
    ...(await recordRecovery()),
    ...(await recordFailure()),
  ];
}

/** Events of tasks that are run again, and that reach limits in time. */
async function recordAttempts(): Promise<PoolEvent[]> {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ logger: new Log(), name: 'attempts', clock });
  const options = { timeout: 5, waitTimeout: 10, deadline: 20, maxInterruptions: 1 };
  pool.apply(untilAborted, [], {
    ...options,
    retry: { limit: 1, delay: 1 },
    onError: 'stop',
    priority: 1,
  });
  await turn();
  clock.increment(5);
  await turn();
  clock.increment(1);
  await turn();
  clock.increment(5);
  await pool.gatherAndClose({ returnExceptions: true });
  return [...pool.journal];
}

/** Events of limits and priorities. */
async function recordLimits(): Promise<PoolEvent[]> {
  const limits = { host: { concurrent: 1 } };
  const pool = new TaskPool({ logger: new Log(), name: 'limits', limits });
  const options = { limits: { host: 'a' }, lookahead: 5 };
  const group = pool.map(async (n: number) => n, [1, 2], options);
  pool.limits.host.concurrent = 2;
  pool.limits.host.pause('b', 1);
  group.priority = 1;
  void pool.submit(async () => 1, [], { priority: 1 });
  await turn();
  pool.poolSize = 0;
  const [id] = pool.apply(async () => 1).ids;
  pool.setPriority(id as number, 1);
  pool.poolSize = 1;
  await pool.gatherAndClose();
  return [...pool.journal];
}

/** Events of tasks whose results are kept, and of one whose result is too long for that. */
async function recordResults(): Promise<PoolEvent[]> {
  const journal = new MemoryStore();
  const pool = new TaskPool({ name: 'results', journal, keepResults: { maxBytes: 5 } });
  pool.map(async (text: string) => text, ['ort', 'long enough'], { keepResults: { maxBytes: 6 } });
  await pool.gatherAndClose();
  return [...journal];
}

/** Events of stored submissions. */
async function recordSubmissions(): Promise<PoolEvent[]> {
  const functions = { untilAborted };
  const journal = new MemoryStore();
  const pool = new TaskPool({ name: 'submissions', functions, poolSize: 0, journal });
  const all = [1, 2].map((unique) => pool.submit(untilAborted, [], { unique: String(unique) }));
  const outcomes = Promise.allSettled(all);
  await turn();
  pool.cancel('2');
  pool.cancelAll();
  await outcomes;
  await pool.gatherAndClose();
  return [...journal];
}

/** Events of a pool that can be resumed, and is. */
async function recordTwoLives(): Promise<PoolEvent[]> {
  const functions = { untilAborted };
  const journal = new MemoryStore();
  const pool = new TaskPool({ name: 'two lives', functions, poolSize: 2, journal });
  pool.apply(untilAborted, [1]);
  pool.map(untilAborted, [1, 2], { passContext: false });
  pool.map(untilAborted, new Set(['one']), { isCancellation: () => true, groupName: 'set' });
  await turn();
  const store = new MemoryStore();
  await store.append([...pool.journal]);
  const again = await recoverTaskPool(store, {
    functions,
    groups: { set: { isCancellation: () => true } },
  });
  again.cancelAll();
  await again.gatherAndClose();
  return [...store];
}

/** Events of a pool that is suspended while a task runs. */
async function recordSuspension(): Promise<PoolEvent[]> {
  const functions = { untilAborted };
  const { kept, store } = storeOver();
  const pool = new TaskPool({ name: 'suspended', functions, journal: { ...store, close } });
  void pool
    .apply(untilAborted)
    .settled()
    .catch(() => {});
  await turn();
  await pool.suspend();
  const again = await recoverTaskPool(kept, { functions });
  again.cancelAll();
  await again.gatherAndClose();
  return [...kept];
}

async function close() {}

/** The recovery of a pool whose journal does not say its uid, as those of earlier releases do not. */
async function recordRecovery(): Promise<PoolEvent[]> {
  const store = new MemoryStore();
  const { journal } = new TaskPool({ name: 'older' });
  for (const { uid: _, ...event } of [...journal] as (PoolEvent & { uid?: string })[]) {
    await store.append([event as PoolEvent]);
  }
  const again = await recoverTaskPool(store, { functions: {} });
  await again.gatherAndClose();
  return [...store].slice(1);
}

/** The events of a pool whose store fails. */
async function recordFailure(): Promise<PoolEvent[]> {
  const store = new MemoryStore();
  await store.close();
  const journal: JournalStore = {
    journaling,
    append: (batch) => store.append(batch),
    read: (range) => store.read(range),
    tail: (options) => store.tail(options),
    checkpoint: (checkpoint) => store.checkpoint(checkpoint),
    latestCheckpoint: () => store.latestCheckpoint(),
    close: () => store.close(),
  };
  const pool = new TaskPool({ logger: new Log(), name: 'failing', journal });
  await pool.gatherAndClose({ returnExceptions: true });
  return [...pool.journal];
}

function* failing() {
  yield 1;
  throw new Error('no more');
}
