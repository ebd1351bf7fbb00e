/** Answers of many rows are made between turns of the event loop, and are whole. */

import { beforeAll, expect, test } from 'vitest';
import { checkpointOf, type TaskPool } from 'xstate-taskpool';
import { stringifyInParts } from '../../../src/control/json-in-parts.ts';
import { Talk } from '../../support/control/talk.ts';
import { taskPool } from '../../support/pools.ts';

const COUNT = 5500;

let pool: TaskPool;
beforeAll(async () => {
  pool = taskPool({ retain: 'all' });
  await pool.map(async (n: number) => n, Array.from({ length: COUNT }).keys()).settled();
});

const talkAbout = (format: 'text' | 'json', maxAnswer = 1e9) =>
  new Talk(pool, { format, maxAnswer });

/** What it comes to, and how many turns of the event loop there were meanwhile. */
async function countingTurns<T>(work: () => Promise<T>): Promise<{ value: T; turns: number }> {
  let turns = 0;
  const tick = () => {
    turns++;
    immediate = setImmediate(tick);
  };
  let immediate = setImmediate(tick);
  const value = await work();
  clearImmediate(immediate);
  return { value, turns };
}

test('tasks as text', async () => {
  const talk = talkAbout('text');
  const { value, turns } = await countingTurns(() => talk.ask('tasks -l 100000'));
  const lines = value.split('\n');
  expect(lines).toHaveLength(COUNT + 1);
  expect(lines[1]).toMatch(/^0 +map-/);
  expect(lines.at(-1)).toMatch(new RegExp(`^${COUNT - 1} +map-`));
  expect(turns).toBeGreaterThan(10);
});

test('the last of the tasks', async () => {
  const talk = talkAbout('text');
  const lines = (await talk.ask('tasks -l 2500')).split('\n');
  expect(lines).toHaveLength(2502);
  expect(lines[1]).toMatch(/^3000 +map-/);
  expect(lines.at(-1)).toBe('The last 2500; --limit N shows more.');
  expect((await talk.ask('tasks -s running -l 2500')).split('\n')).toEqual(['none']);
});

test('tasks as JSON', async () => {
  const talk = talkAbout('json');
  const asked = { id: 1, command: 'tasks', args: { limit: 100_000 } };
  const { value, turns } = await countingTurns(() => talk.request(asked));
  expect(value).toEqual([{ id: 1, ok: true, value: pool.snapshot().tasks }]);
  expect(turns).toBeGreaterThan(6);
});

test('events, from one on', async () => {
  const talk = talkAbout('json');
  const args = { since: 100, limit: 4321 };
  const { value, turns } = await countingTurns(() => talk.request({ command: 'journal', args }));
  expect(value).toEqual([{ ok: true, value: pool.journal.events({ fromSeq: 100, toSeq: 4420 }) }]);
  expect(turns).toBeGreaterThan(5);
});

test.each(['tasks -l 9000000', 'journal -l 9000000'])('%s is refused', async (line) => {
  const talk = new Talk(taskPool());
  expect(await talk.ask(line)).toBe('expected --limit to be at most 100000, got 9000000');
});

test('an answer that is too long is given up before it is whole', async () => {
  const talk = talkAbout('json', 10_000);
  const asked = { command: 'tasks', args: { limit: 100_000 } };
  expect(await talk.request(asked)).toMatchObject([
    { ok: false, error: { code: 'LimitExceeded' } },
  ]);
});

test.each([
  ['a state', 'state', { checkpoint: true }],
  ['events', 'events', { limit: 100_000 }],
] as const)('%s: the lists in an answer, too', async (_, command, args) => {
  const talk = talkAbout('json');
  const { value, turns } = await countingTurns(() => talk.request({ command, args }));
  const events = [...pool.journal];
  const expected = {
    state: { seq: events.length - 1, state: checkpointOf(events) },
    events: { events, next: null },
  }[command];
  expect(value).toMatchObject([{ ok: true, value: JSON.parse(JSON.stringify(expected)) }]);
  expect(turns).toBeGreaterThan(6);
});

test('the JSON of lists in an object is that of the object', async () => {
  const long = Array.from({ length: 2001 }, (_, n) => [undefined, { n }, 'ü"\u2028'][n % 3]);
  const date = { toJSON: () => 'now' };
  const value = {
    none: undefined,
    a: 1,
    long,
    inner: { '"': long, b: [date, null], c: long },
    date,
  };
  expect(await stringifyInParts(value, 1e9)).toBe(JSON.stringify(value));
  expect(await stringifyInParts(long, 1e9)).toBe(JSON.stringify(long));
  const short = { toJSON: () => 1, long };
  expect(stringifyInParts(short, 1e9)).toBe('1');
});
