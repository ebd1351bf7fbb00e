/** Passing on what a pool records, many events at a time: nothing is missing, and the text is that of the event. */

import { expect, test } from 'vitest';
import { type EventColumns, EventJson, type SimpleTaskPool, TaskPool, tail } from 'xstate-taskpool';
import { recording } from '../support/observing.ts';
import { Log, turn, untilAborted } from '../support/pools.ts';

/** The JSON of events, as it comes. */
function texts(pool: TaskPool | SimpleTaskPool): {
  readonly lines: string[];
  readonly batches: number[];
  take(): void;
  end(): void;
} {
  const json = new EventJson(pool.name);
  const lines: string[] = [];
  const batches: number[] = [];
  const followed = tail(pool, {
    ready: () => {},
    take(events: EventColumns) {
      let seq = events.first;
      batches.push(events.count);
      events.visit((...columns) => void lines.push(json.of(seq++, ...columns)));
    },
  });
  if (followed === undefined) return expect.fail('expected a tail');
  return { lines, batches, take: () => followed.take(), end: () => followed.end() };
}

const NAMES = ['plain', '"quoted" \\ \u2028 \ud800', '<img src=x onerror=alert(1)>', '🚢 ميناء'];

test('says what JSON.stringify says of each event', async () => {
  const pool = new TaskPool({
    name: NAMES[1] as string,
    poolSize: 3,
    logger: new Log(),
    limits: { host: { concurrent: 2 } },
  });
  const events = recording(pool);
  const { lines, end } = texts(pool);
  const work = async (n: number, context: { report(value: unknown): void; attempt: number }) => {
    context.report({ n, half: n / 3 });
    if (n % 3 === 0) throw new RangeError(`${n} "is" too large`);
    return n;
  };
  for (const groupName of NAMES) {
    pool.map(work, [1, 2, 3, 4], { groupName, numConcurrent: 2, limits: { host: (n) => n % 2 } });
    pool.map(work, [3, 5], { retry: { limit: 1, delay: 0 }, priority: 2 });
  }
  pool.poolSize = Infinity;
  pool.group(NAMES[2] as string).pause();
  pool.group(NAMES[2] as string).cancel();
  const [endless] = [pool.apply(untilAborted, [])];
  await turn();
  endless.cancel('no more of "it"');
  await pool.submit(async () => 1);
  await pool.gatherAndClose({ returnExceptions: true });
  end();
  expect(lines).toEqual(events.map((event) => JSON.stringify(event)));
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(14);
});

test('hands out everything, however small the journal in memory is', async () => {
  const pool = new TaskPool({ poolSize: 2, journal: { size: 4, bytes: 100 }, logger: new Log() });
  const { lines, batches, take } = texts(pool);
  const report = async (n: number, { report }: { report(value: string): void }) => {
    report('x'.repeat(90));
    return n;
  };
  for (let group = 0; group < 50; group++) pool.map(report, [1, 2, 3]);
  await turn();
  // All of them at once.
  pool.cancelAll();
  await pool.untilIdle();
  take();
  const seqs = lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
  expect(seqs).toEqual(Array.from({ length: pool.journal.nextSeq - 1 }, (_, n) => n + 1));
  expect(Math.max(...batches)).toBeGreaterThan(4);
  // What was handed out need not be held any longer.
  pool.map(report, [1, 2, 3]);
  await pool.untilIdle();
  take();
  pool.lock();
  pool.unlock();
  expect(pool.journal.nextSeq - pool.journal.firstSeq).toBeLessThanOrEqual(4);
});

test('does not let much pile up that nobody takes', async () => {
  const pool = new TaskPool({ poolSize: 10, logger: new Log() });
  const { batches, end } = texts(pool);
  await pool.map(async (n: number) => n, Array.from({ length: 4000 }).keys()).settled();
  expect(batches.length).toBeGreaterThan(8);
  expect(Math.max(...batches)).toBeLessThanOrEqual(1026);
  end();
  const before = batches.length;
  await pool.map(async (n: number) => n, Array.from({ length: 2000 }).keys()).settled();
  expect(batches.length).toBe(before);
});

test('says how long tasks waited and ran, and no longer once it has ended', async () => {
  const pool = new TaskPool();
  const { lines, end } = texts(pool);
  await pool.apply(async () => 1, []).settled();
  end();
  await pool.apply(async () => 1, []).settled();
  expect(lines.some((line) => /"waited":[\d.]+,"ran":[\d.]+\}$/.test(line))).toBe(true);
  const last = [...pool.journal].findLast(({ type }) => type === 'task.ended');
  expect(last).not.toHaveProperty('ran');
});
