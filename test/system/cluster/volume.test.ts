/** Much at once: what Redis keeps of it is little, and limits are those of the JSON. */

import { expect, onTestFinished, test } from 'vitest';
import type { TaskContext } from 'xstate-taskpool';
import { TaskPool } from 'xstate-taskpool';
import { type ClusterOptions, cluster, serve } from 'xstate-taskpool/cluster';
import { describeWithRedis, LONG_LEASE, redisForTests } from '../../support/redis.ts';

const MEGABYTE = 2 ** 20;

const functions = {
  large: async (length: number, text: string): Promise<string> => text.repeat(length),
  many: async (count: number): Promise<number[]> => Array(count).fill(1),
  sizeOf: async (value: unknown): Promise<number> => JSON.stringify(value).length,
  chat: async (count: number, length: number, { log }: TaskContext): Promise<number> => {
    for (let n = 0; n < count; n++) log(n, 'x'.repeat(length));
    return count;
  },
  fail: async (length: number): Promise<never> => {
    throw new Error('x'.repeat(length));
  },
};

describeWithRedis('a cluster', () => {
  const redis = redisForTests();
  let number = 0;

  async function open(options: Partial<ClusterOptions> = {}) {
    const name = `volume-${number++}`;
    const logger = { warn: () => {} };
    const connection = redis.withoutThread;
    const worker = await serve(functions, name, {
      connection,
      logger,
      lease: LONG_LEASE,
      concurrency: 5,
    });
    onTestFinished(() => worker.close());
    const work = cluster<typeof functions>(name, {
      connection: redis.connection,
      logger,
      lease: LONG_LEASE,
      ...options,
    });
    onTestFinished(() => work.close());
    return { name, work };
  }

  const used = async (): Promise<number> =>
    Number(/used_memory:(\d+)/.exec(await redis.ask('INFO', 'memory'))?.[1]);

  test('keeps large results in Redis once, and until they are taken', async () => {
    const { work } = await open();
    const before = await used();
    const pool = new TaskPool({ poolSize: 20 });
    const lengths = Array<number>(200).fill(100_000);
    for await (const result of pool.starmap(
      work.large,
      lengths.map((length): [number, string] => [length, 'x']),
    ))
      expect(result.length).toBe(100_000);
    await pool.gatherAndClose();
    await expect.poll(async () => (await used()) - before).toBeLessThan(8 * MEGABYTE);
  });

  test('drops the oldest events when they are large', async () => {
    const { name, work } = await open();
    const before = await used();
    const pool = new TaskPool({ poolSize: 20, logger: { info() {}, error() {} } });
    const settled = await pool.map(work.fail, Array<number>(500).fill(60_000)).settled();
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    // Looked at once a second, while there are calls.
    await expect
      .poll(async () => {
        await work.sizeOf(1);
        return (await used()) - before;
      })
      .toBeLessThan(40 * MEGABYTE);
    expect(Number(await redis.ask('XLEN', `taskpool:${name}:events`))).toBeGreaterThan(0);
    await pool.gatherAndClose();
  });

  test('sends as much of a log as there is room for, and says how much there was', async () => {
    const { work } = await open();
    const lines: string[] = [];
    const info = (...said: unknown[]) => void lines.push(String(said.at(-1)));
    const pool = new TaskPool({ logger: { info, error: info } });
    // 20 MB at once.
    expect(await pool.starmap(work.chat, [[1000, 20_000]]).results()).toEqual([1000]);
    const notice = lines.find((line) => line.includes('more were logged'));
    const sent = lines.filter((line) => line.includes('xxx')).length;
    expect(sent).toBeGreaterThan(500);
    expect(notice).toContain(`${1000 - sent} more were logged at once than are sent`);
    await pool.gatherAndClose();
  });

  test('takes what is as long as the limits say, in JSON, and not a character more', async () => {
    const { work } = await open({ maxArguments: 1000, maxResult: 1000 });
    const refused = (what: string, length: number) =>
      `expected ${what} to be at most 1000 characters of JSON, got ${length}: `;
    const args = (text: string) => work.sizeOf(text);
    expect(await args('x'.repeat(996))).toBe(998);
    await expect(args('x'.repeat(997))).rejects.toThrow(refused('the arguments of sizeOf', 1001));
    expect(await args('"'.repeat(498))).toBe(998);
    await expect(args('"'.repeat(499))).rejects.toThrow(refused('the arguments of sizeOf', 1002));
    await expect(args('\ud800'.repeat(400))).rejects.toThrow(
      refused('the arguments of sizeOf', 2404),
    );
    expect(await work.large(998, 'x')).toHaveLength(998);
    await expect(work.large(999, 'x')).rejects.toThrow(refused('the result of large', 1001));
    await expect(work.large(500, '\n')).rejects.toThrow(refused('the result of large', 1002));
    expect(await work.many(499)).toHaveLength(499);
    await expect(work.many(500)).rejects.toThrow(refused('the result of many', 1001));
  });
});
