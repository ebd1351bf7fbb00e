/** The JSON that stores write is that of `JSON.stringify`, however it is made. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { crc32, crc32ByTable } from '../../../src/node/journal/crc32.ts';
import { jsonOf } from '../../../src/node/journal/event-json.ts';
import { runs } from '../../support/runs.ts';
import { samples } from '../../support/sample-events.ts';

const value = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(undefined, null, -0, Number.NaN, Infinity, '"', '\u2028', '\ud800'),
  fc.jsonValue(),
);

/** Events of the types for which there is a template, right and wrong. */
const event = fc.record(
  {
    v: fc.oneof(fc.constant(2), value),
    pool: fc.oneof(fc.string(), value),
    seq: fc.oneof(fc.nat(), value),
    at: fc.oneof(fc.nat(), value),
    type: fc.constantFrom('task.queued', 'task.started', 'task.ended', 'pool.locked'),
    id: fc.oneof(fc.nat(), value),
    group: fc.oneof(fc.string({ unit: 'grapheme' }), value),
    index: fc.oneof(fc.nat(), value),
    outcome: fc.oneof(fc.constantFrom('fulfilled', 'rejected'), value),
    item: value,
  },
  { requiredKeys: ['type'] },
);

const exact = fc
  .tuple(fc.string(), fc.nat(), fc.maxSafeNat(), fc.string(), fc.nat())
  .chain(([pool, seq, at, group, id]) => {
    const head = { v: 2, pool, seq, at };
    return fc.constantFrom(
      { ...head, type: 'task.queued', id, group, index: id + 1 },
      { ...head, type: 'task.started', id },
      { ...head, type: 'task.ended', id, outcome: 'fulfilled' },
      { ...head, type: 'task.ended', id, outcome: 'rejected' },
    );
  });

test('of events as a pool makes them it is the same, to the letter', () => {
  const expectSame = (events: readonly unknown[]): void => {
    const json = events.map((each) => JSON.stringify(each));
    expect(jsonOf(events as PoolEvent[])).toEqual(json);
  };
  expectSame(samples);
  fc.assert(fc.property(fc.array(exact), expectSame), runs(300));
});

test('of anything else it says the same', () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const lines = jsonOf(events as unknown as PoolEvent[]);
      expect(lines.map((line) => JSON.parse(line))).toEqual(
        events.map((each) => JSON.parse(JSON.stringify(each))),
      );
      for (const line of lines) expect(line).not.toContain('\n');
    }),
    runs(500),
  );
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
