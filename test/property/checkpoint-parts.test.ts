/** The parts of a checkpoint are the whole; a capture contains the last ended tasks that are asked for. */

import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type CheckpointPart,
  capture,
  checkpointOf,
  joinCheckpoint,
  splitCheckpoint,
} from 'xstate-taskpool';
import { taskPool, turn } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

/** No part is much larger, as JSON. */
const PART = 128 * 1024;

const isEmpty = (part: CheckpointPart) =>
  Object.values(part).some((value) => Array.isArray(value) && value.length === 0);

property(
  [
    fc.array(fc.tuple(fc.nat(260), fc.constantFrom(1, 10, 1000)), { minLength: 1, maxLength: 4 }),
    fc.nat(12),
    fc.option(fc.nat(12)),
  ],
  runs(30),
)('the parts of a checkpoint are the whole', async (groups, ended, kept) => {
  const work = (text: string) => (text === '' ? undefined : new Promise(() => {}));
  const pool = taskPool({ poolSize: 3, functions: { work } });
  pool.map(work, Array(ended).fill(''));
  await turn();
  await turn();
  for (const [length, size] of groups) {
    pool.map(work, Array(length).fill('x'.repeat(size)), { numConcurrent: 1 });
    await turn();
  }
  const whole = checkpointOf(pool.journal);
  const taken = capture(pool, kept === null ? {} : { ended: kept });
  const parts = [...taken.parts()];
  taken.end();
  const { length } = whole.ended;
  const last = whole.ended.slice(Math.max(0, length - (kept ?? length)));
  expect(taken.omitted).toBe(length - last.length);
  const tasks = whole.tasks.filter(({ id, state }) => state !== 'ended' || last.includes(id));
  expect(joinCheckpoint(parts)).toEqual({ ...whole, ended: last, tasks });
  const split = [...splitCheckpoint(whole)];
  expect(joinCheckpoint(split)).toEqual(whole);
  for (const part of [...parts, ...split]) {
    expect(isEmpty(part)).toBe(false);
    expect(JSON.stringify(part).length).toBeLessThan(PART + 5000);
  }
  pool.cancelAll();
});
