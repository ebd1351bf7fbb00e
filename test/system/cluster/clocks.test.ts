/** Machines do not agree about the time, and their clocks are set while they run: only that of Redis counts. */

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { Gate } from 'xstate-taskpool/testing';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';

const DAY = 86_400_000;
const KEPT = 60_000;
const PATIENCE = { timeout: 60_000 };
const logger = { warn: () => {} };

describeWithRedis('a cluster of machines with other clocks', () => {
  const redis = redisForTests();
  /** Milliseconds by which the clock of this process is wrong, and with it that of its worker. */
  let skew = 0;
  beforeEach(() => {
    const now = Date.now;
    skew = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + skew);
  });
  afterEach(() => void vi.restoreAllMocks());

  /** A cluster of one worker, whose calls wait until the gate is open. */
  async function open(name: string) {
    const gate = new Gate<void>();
    const module = {
      pass: async (n: number) => {
        await gate.promise;
        return n;
      },
      fail: async () => {
        await gate.promise;
        throw new Error('as expected');
      },
    };
    const terms = { connection: redis.connection, logger };
    const worker = await serve(module, name, { ...terms, concurrency: 4 });
    onTestFinished(() => worker.close());
    const coordinator = () => {
      const work = cluster<typeof module>(name, { ...terms, keepResults: KEPT });
      onTestFinished(() => work.close());
      return work;
    };
    return { gate, worker, coordinator };
  }

  /** For how many milliseconds the results are kept that nobody has taken. */
  async function timesOf(name: string): Promise<number[]> {
    const script = `
      local times = {}
      for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
        if redis.call('HEXISTS', key, 'finishedOn') == 1 then table.insert(times, redis.call('PTTL', key)) end
      end
      return table.concat(times, ' ')`;
    const answer = await redis.ask('EVAL', script, '0', `taskpool:${name}:[^/]*-*-*-*`);
    return answer.split(/\s+/).filter(Boolean).map(Number);
  }

  test.each([-2 * DAY, 2 * DAY])(
    'keeps results for as long as it is to, by one that is %i ms ahead',
    async (first) => {
      const name = `kept-${first > 0 ? 'ahead' : 'behind'}`;
      const { gate, worker, coordinator } = await open(name);
      skew = first;
      const gone = coordinator();
      const left = [gone.pass(1), gone.fail()].map((call) => call.catch(() => {}));
      await expect.poll(() => worker.status().running, PATIENCE).toBe(2);
      await gone.close();
      await Promise.all(left);
      gate.resolve();
      await expect.poll(() => timesOf(name), PATIENCE).toHaveLength(2);
      // Its clock is set, and it goes on.
      skew = -first;
      const next = coordinator();
      expect(await next.pass(2)).toBe(2);
      await expect(next.fail()).rejects.toThrow('as expected');
      await expect.poll(() => timesOf(name), PATIENCE).toHaveLength(2);
      for (const kept of await timesOf(name)) {
        expect(kept).toBeGreaterThan(0);
        expect(kept).toBeLessThanOrEqual(KEPT);
      }
    },
  );

  if (isLong) {
    // It takes two audits, which have some seconds between them.
    test('gives a job back that got lost on its way to a worker', async () => {
      const { gate, worker, coordinator } = await open('lost');
      gate.resolve();
      await coordinator().pass(0);
      const id = 'someone-0-0-1';
      const key = `taskpool:lost:${id}`;
      const data = { pool: { name: 'p', uid: 'someone', epoch: 0 }, claim: 1, id: 0, attempt: 1 };
      const more = { index: 0, group: 'g', args: [7], limit: 100, bare: true };
      const fields = { name: 'pass', data: JSON.stringify({ ...data, ...more }), opts: '{}' };
      const times = { timestamp: '0', processedOn: String(Date.now() + DAY), pb: worker.id };
      await redis.ask('HSET', key, ...Object.entries({ ...fields, ...times }).flat());
      await redis.ask('SET', `${key}:lock`, 'token');
      await redis.ask('LPUSH', 'taskpool:lost:active', id);
      await redis.ask('CLIENT', 'KILL', 'TYPE', 'normal');
      await expect.poll(() => redis.ask('HGET', key, 'returnvalue'), PATIENCE).toContain('7');
      expect(worker.status().totals).toMatchObject({ fulfilled: 2, lost: 0 });
    });
  }
});
