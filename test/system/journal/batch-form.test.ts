/** What a batch says of its events is all that their JSON says, however it is put. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVENT_VERSION, type PoolEvent, type TaskContext, TaskPool } from 'xstate-taskpool';
import { endOf, hasTimes, outcomeIn, ranIn, waitedIn } from '../../../src/events/event-columns.ts';
import { RingColumns } from '../../../src/journal/columns.ts';
import { crc32, crc32ByTable } from '../../../src/node/journal/crc32.ts';
import { eventsOf } from '../../../src/node/journal/form/read-batch.ts';
import { batchOf, batchOfColumns } from '../../../src/node/journal/form/write-batch.ts';
import { anyText } from '../../support/property.ts';
import { runs } from '../../support/runs.ts';
import { samples } from '../../support/sample-events.ts';
import { newPath, sqliteKinds } from '../../support/stores.ts';

const value = fc.oneof(
  fc.integer(),
  fc.double(),
  anyText(),
  fc.constantFrom(undefined, null, -0, Number.NaN, Infinity, '"', '\u2028', '\ud800', '\n'),
  fc.jsonValue(),
);

/** An event of a type that has a short form, right or wrong. */
const wild = fc.record(
  {
    v: fc.oneof({ weight: 5, arbitrary: fc.constant(EVENT_VERSION) }, fc.constantFrom(1, 2)),
    at: fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }), value),
    type: fc.constantFrom(
      ...['task.queued', 'task.started', 'task.ended', 'task.interrupted', 'pool.locked'],
    ),
    id: fc.oneof(fc.nat(), value),
    group: fc.oneof(fc.string({ unit: 'grapheme' }), value),
    index: fc.oneof(fc.nat(), value),
    outcome: fc.oneof(fc.constantFrom('fulfilled', 'rejected'), value),
    attempt: fc.oneof(fc.nat(), value),
    waited: fc.oneof(fc.nat(), value),
    ran: fc.oneof(fc.nat(), value),
    item: value,
    ['__proto__']: value,
  },
  { requiredKeys: ['type', 'v'] },
);

/** Whole microseconds, as the pool measures them. */
const time = fc.nat().map((micros) => micros / 1000);
const group = fc.constantFrom('a', 'b', 'ä "quoted"\n\u2028 name', '');

/** An event as pools make them. */
const usual = fc
  .tuple(fc.nat(), fc.nat(), group, fc.maxSafeNat(), time, time, fc.jsonValue())
  .chain(([id, index, name, at, waited, ran, item]) => {
    const task = { v: EVENT_VERSION, at, id, group: name };
    const ended = { ...task, type: 'task.ended', waited, ran };
    return fc.constantFrom(
      { ...task, type: 'task.queued', index },
      { ...task, type: 'task.queued', index, item, priority: -1, keys: { host: item } },
      { ...task, type: 'task.started' },
      { ...ended, outcome: 'fulfilled', attempt: 1 },
      { ...ended, outcome: 'fulfilled', attempt: 2 },
      { ...ended, outcome: 'fulfilled', attempt: 1, value: item },
      { ...ended, outcome: 'rejected', attempt: 1, error: { name: 'Error', message: '' } },
      { ...ended, outcome: 'cancelled' },
      { ...ended, outcome: 'cancelled', attempt: 3 },
      { v: EVENT_VERSION, at, type: 'task.progressed', id, progress: item },
      { v: EVENT_VERSION, at, type: 'task.interrupted', id },
      { v: EVENT_VERSION, at, type: 'task.cancelling', id, reason: item },
    );
  });

/** A batch of them, from any seq on. */
const batch = (event: fc.Arbitrary<object>) =>
  fc
    .tuple(fc.nat(), fc.array(event, { minLength: 1 }))
    .map(([first, events]) => inRow(events, first));

function inRow(events: readonly object[], first: number): PoolEvent[] {
  const numbered = events.map((event, n) => ({ ...event, pool: 'p', seq: first + n }));
  return numbered as unknown as PoolEvent[];
}

/** What JSON makes of them. */
const plain = (events: readonly PoolEvent[]) => JSON.parse(JSON.stringify(events));

test.each([
  ['events as pools make them', usual],
  ['events as nobody should make them', wild],
])('%s are read as they were', (_, event) => {
  const expectSame = (events: readonly PoolEvent[]): void => {
    const { first, context, rows } = batchOf(events, ',');
    const lines = batchOf(events, '\n').rows;
    expect(context).not.toContain('\n');
    expect(lines.toString().replaceAll('\n', ',')).toBe(rows.toString());
    const last = first + events.length - 1;
    expect(plain(eventsOf({ context, rows: rows.toString() }, first, last))).toStrictEqual(
      plain(events),
    );
  };
  expectSame(samples);
  fc.assert(fc.property(batch(event), expectSame), runs(400));
});

test.each([
  ['without times', false],
  ['with times', true],
])('columns give the rows that their events give, %s', async (_, areTimesWanted) => {
  const pool = new TaskPool();
  if (areTimesWanted) pool.on('task.ended', () => {});
  const fail = async (n: number) => {
    if (n === 1) throw new RangeError('ä');
    return n;
  };
  const failing = pool.map(fail, [0, 1, 2], {
    groupName: 'ä "quoted"',
    retry: { limit: 1, delay: 0 },
  });
  const prior = pool.map(fail, [0, 2], { priority: 3, numConcurrent: 1 });
  pool.apply(async ({ report, signal }: TaskContext) => {
    report({ done: 1 });
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await Promise.all([failing.settled(), prior.settled()]);
  // Of some nobody has seen a start.
  pool.apply(fail, [0], { num: 3 });
  pool.cancelAll();
  await pool.gatherAndClose({ returnExceptions: true });
  const { ring } = pool.journal;
  const events = pool.journal.events();
  const columns = new RingColumns(ring, pool.name, 0, events.length);
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(8);
  expect(batchOfColumns(columns, '\n')).toEqual(batchOf(events, '\n'));
});

test('times of any length are part of the end of a task', () => {
  const time = fc.oneof(fc.nat(), fc.maxSafeNat());
  const outcomes = fc.constantFrom(0, 1, 2);
  const check = (outcome: number, waited: number, ran: number): void => {
    const end = endOf(outcome, waited, ran);
    const isShort = Math.max(waited, ran) < 2 ** 25;
    expect(end !== undefined).toBe(isShort);
    if (end === undefined) return;
    expect([outcomeIn(end), waitedIn(end), ranIn(end)]).toEqual([outcome, waited, ran]);
    expect([hasTimes(end), hasTimes(outcome), outcomeIn(outcome)]).toEqual([true, false, outcome]);
  };
  for (const outcome of [0, 1, 2]) check(outcome, 2 ** 25 - 1, 2 ** 25 - 1);
  fc.assert(fc.property(outcomes, time, time, check), runs(300));
});

test('what the other events of a batch say is not said again', () => {
  const events = inRow(
    Array.from({ length: 100 }, (_, id) => [
      { v: EVENT_VERSION, at: 5000, type: 'task.queued', id, group: 'a long name', index: id },
      { v: EVENT_VERSION, at: 5001, type: 'task.started', id, group: 'a long name' },
    ]).flat(),
    0,
  );
  const { context, rows } = batchOf(events, '\n');
  expect(context).toBe('{"v":3,"pool":"p","at":5000,"groups":["a long name"]}');
  expect(rows.toString().split('\n').slice(-2)).toEqual(['["q",0,99,0,99]', '["s",1,99,0]']);
});

test.each(sqliteKinds)('$name: the view shows each event as it is', async (kind) => {
  const path = await newPath();
  const store = await kind.open(path, { durability: 'none' });
  const appended: PoolEvent[] = [];
  const append = async (events: readonly PoolEvent[]): Promise<void> => {
    const batch = inRow(events, appended.length);
    await store.append(batch);
    appended.push(...batch);
  };
  await append(samples);
  const batches = fc.sample(fc.array(usual, { minLength: 1, maxLength: 30 }), {
    numRuns: 20,
    seed: 1,
  });
  for (const events of batches) await append(events as unknown as PoolEvent[]);
  await append(samples.map((event) => ({ ...event, v: 2 }) as unknown as PoolEvent));
  await append([...samples.slice(0, 3), { ...samples[3], v: 2 }] as unknown as PoolEvent[]);
  await store.close();
  const { default: Database } = await import('libsql');
  const database = new Database(path);
  const rows = database.prepare('SELECT seq, body FROM event ORDER BY seq').all() as {
    seq: number;
    body: string;
  }[];
  database.close();
  expect(rows.map(({ seq }) => seq)).toEqual(appended.map(({ seq }) => seq));
  expect(rows.map(({ body }) => JSON.parse(body))).toEqual(plain(appended));
});

test('the checksum is the same without the help of Node', () => {
  expect(crc32ByTable('123456789')).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(crc32ByTable(text)).toBe(crc32(text));
      expect(crc32ByTable(Buffer.from(text))).toBe(crc32(text));
    }),
    runs(100),
  );
});
