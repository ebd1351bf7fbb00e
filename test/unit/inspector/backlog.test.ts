/** What the server of the inspector keeps for pages that come later. */

import { expect, test } from 'vitest';
import { Backlog } from '../../../src/node/inspector/backlog.ts';

const LIMITS = { messages: 10, characters: 1_000_000, actors: 3, baseCharacters: 1_000_000 };

function fill(backlog: Backlog, count: number, message = '{}'): void {
  for (let n = 0; n < count; n++) backlog.add('0/a', '@xstate.event', 0, message, 0);
}

test('the backlog keeps the latest messages and counts the others', () => {
  const backlog = new Backlog(LIMITS);
  fill(backlog, 25);
  expect([backlog.first, backlog.next]).toEqual([15, 25]);
  expect(backlog.from(0, Number.POSITIVE_INFINITY).map(({ seq }) => seq)).toHaveLength(10);
  expect(backlog.from(24, 1)).toHaveLength(1);
  expect(backlog.from(25, 1)).toEqual([]);
});

test('the backlog is bounded in characters, and keeps one message whatever its size', () => {
  const backlog = new Backlog({ ...LIMITS, characters: 1000 });
  fill(backlog, 5, JSON.stringify('x'.repeat(300)));
  expect(backlog.next - backlog.first).toBe(2);
  fill(backlog, 1, JSON.stringify('x'.repeat(3000)));
  expect(backlog.next - backlog.first).toBe(1);
});

test('of an actor whose messages were dropped it remembers who it is and its last state', () => {
  const backlog = new Backlog(LIMITS);
  backlog.add('0/a', '@xstate.actor', 0, '"who"', 0);
  backlog.add('0/a', '@xstate.snapshot', 0, '"first"', 0);
  backlog.add('0/a', '@xstate.snapshot', 0, '"second"', 0);
  fill(backlog, 10);
  const texts = backlog.bases().map(({ text }) => JSON.parse(text).message);
  expect(texts).toEqual(['who', 'second']);
});

test('it remembers a bounded number of actors, the latest', () => {
  const backlog = new Backlog(LIMITS);
  for (let n = 0; n < 20; n++) backlog.add(`0/${n}`, '@xstate.actor', 0, `${n}`, 0);
  expect(backlog.bases().map(({ key }) => key)).toEqual(['0/7', '0/8', '0/9']);
});

test('what it remembers of actors is bounded in characters, too', () => {
  const backlog = new Backlog({ ...LIMITS, messages: 2, baseCharacters: 1000 });
  const large = JSON.stringify('x'.repeat(300));
  for (let n = 0; n < 20; n++) backlog.add(`0/${n}`, '@xstate.actor', 0, large, 0);
  expect(backlog.bases().map(({ key }) => key)).toEqual(['0/16', '0/17']);
});
