/**
 * Whatever comes in: each line is answered, nothing throws, and the pool is a pool afterwards. More
 * than 4000 lines, or 100,000 in the long tests, the most of them without a socket.
 */

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type BasePool, replay, type SimpleTaskPool, type TaskPool } from 'xstate-taskpool';
import { functionSource, TCPControlServer } from 'xstate-taskpool/control';
import { bytes, jsonLine, textLine } from '../../support/control/lines.ts';
import { type Answer, Talk } from '../../support/control/talk.ts';
import { Wire } from '../../support/control/wire.ts';
import { isLong } from '../../support/length.ts';
import { Log, simplePool, taskPool, turn, untilAborted } from '../../support/pools.ts';
import { runs } from '../../support/runs.ts';

const LINES = 100;
const TIMES = isLong ? 10 : 2;
const functions = {
  worker: untilAborted,
  quick: () => 1,
  fail: () => {
    throw new Error('failed');
  },
};
const source = functionSource(functions);

let tried = 0;
/** What nobody foresaw ends up here, and nowhere in the answers. */
const log = new Log();

function makePools(): [TaskPool, SimpleTaskPool] {
  const options = { poolSize: 5, logger: log };
  return [
    taskPool({ ...options, name: 'a' }),
    simplePool(untilAborted, [], { ...options, name: 'b' }),
  ];
}

/** What holds for every pool, whatever was asked of it; and that it can be closed. */
async function checkSound(pool: BasePool): Promise<void> {
  await turn();
  const snapshot = pool.snapshot();
  expect(replay(pool.journal)).toEqual(snapshot);
  const { totals, numQueued, numRunning, numCancelled } = snapshot;
  const ended = totals.fulfilled + totals.rejected + totals.cancelled;
  expect(totals.created).toBe(numQueued + numRunning + numCancelled + ended);
  pool.cancelAll();
  // Rejects with the failures of tasks if a line had asked for the same before, without `-r`.
  await pool.gatherAndClose({ returnExceptions: true }).catch(() => {});
  expect(pool.snapshot()).toMatchObject({ status: 'closed', numRunning: 0, numQueued: 0 });
}

describe('lines without a socket', () => {
  test('in text: each has its answer', async () => {
    const lines = fc.array(textLine, { minLength: LINES, maxLength: LINES });
    const property = fc.asyncProperty(lines, async (lines) => {
      const pools = makePools();
      let talk = new Talk(pools, { functions: source });
      for (const line of lines) {
        if (talk.session.isOver) talk = new Talk(pools, { functions: source });
        talk.take();
        let isAnswered = false;
        const answered = talk.session.receive(line).then(() => {
          isAnswered = true;
        });
        await turn();
        if (!isAnswered) talk.session.stopWaiting();
        await answered;
        const answers = talk.takeAnswers();
        expect(answers, line).toHaveLength(1);
        for (const answer of answers) expect(answer).toMatch(/\n$/);
        tried++;
      }
      talk.session.end();
      await talk.session.settled();
      for (const pool of pools) await checkSound(pool);
    });
    await fc.assert(property, runs(75 * TIMES));
  });

  test('in JSON: each has its answer', async () => {
    const lines = fc.array(jsonLine, { minLength: LINES, maxLength: LINES });
    const property = fc.asyncProperty(lines, async (lines) => {
      const pools = makePools();
      const open = () => new Talk(pools, { functions: source, format: 'json', maxRequests: 20 });
      const finish = async (talk: Talk, expected: number) => {
        await turn();
        talk.session.stopWaiting();
        await talk.session.settled();
        const answers = talk.takeAnswers().map((line) => JSON.parse(line) as Answer);
        expect(answers).toHaveLength(expected);
        for (const { ok, error } of answers) {
          expect(ok === true || (ok === false && typeof error?.code === 'string')).toBe(true);
        }
      };
      let talk = open();
      let expected = 0;
      for (const line of lines) {
        if (talk.session.isOver) {
          await finish(talk, expected);
          talk = open();
          expected = 0;
        }
        if (line.trim() !== '') expected++;
        await talk.session.receive(line);
        tried++;
      }
      await finish(talk, expected);
      for (const pool of pools) await checkSound(pool);
    });
    await fc.assert(property, runs(60 * TIMES));
  });
});

test('bytes over a socket: one session after the other, and the server goes on', async () => {
  const pools = makePools();
  const limits = { maxLineLength: 500 };
  const server = new TCPControlServer(pools[0], {
    port: 0,
    pools: [pools[1]],
    functions,
    limits,
    logger: log,
  });
  const address = await server.listen();
  const well = await Wire.greeted(address);
  const info = fc.constantFrom('{}\n', '{"format":"json"}\n', '');
  const property = fc.asyncProperty(info, bytes, async (info, bytes) => {
    const wire = await Wire.open(address);
    wire.socket.write(info);
    wire.socket.end(bytes);
    await wire.all();
    wire.close();
    tried += bytes.filter((byte) => byte === 10).length;
    expect(await well.ask('is-full')).toMatch(/^(?:true|false)$/);
  });
  await fc.assert(property, runs(30 * TIMES));
  await server.close();
  for (const pool of pools) await checkSound(pool);
});

afterAll(() => {
  expect(log.lines).toEqual([]);
  if (process.env['FC_NUM_RUNS'] === undefined)
    expect(tried).toBeGreaterThanOrEqual(isLong ? 100_000 : 1200);
});
