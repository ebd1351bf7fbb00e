import { describe, expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import {
  type AutosizeOptions,
  aimd,
  autosize,
  gradient,
  type SizePolicy,
  type SizeSample,
  smallest,
} from 'xstate-taskpool/autosize';
import { system } from 'xstate-taskpool/autosize/system';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Log, taskPool } from '../../support/pools.ts';

/** Advises what is in a list, one by one, and then the last of it. */
const advising = (...sizes: number[]): SizePolicy => {
  const from =
    (n: number): SizePolicy['decide'] =>
    () => ({
      size: sizes[Math.min(n, sizes.length - 1)]!,
      reason: `advice ${n}`,
      next: from(n + 1),
    });
  return { decide: from(0) };
};

const SAMPLE: SizeSample = {
  duration: 1_000,
  size: 10,
  min: 1,
  max: 100,
  peak: 10,
  fulfilled: 50,
  failed: 0,
  latency: 100,
  latencyError: 0,
  pending: 1,
  isComplete: true,
};

function busy(options: Partial<AutosizeOptions> = {}, poolSize = 5) {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock, poolSize });
  const sizer = autosize(pool, { max: 20, policy: advising(8), ...options });
  const group = pool.map((ms: number) => clock.sleep(ms), Array<number>(100).fill(300), {
    numConcurrent: Number.POSITIVE_INFINITY,
  });
  return { clock, pool, sizer, group };
}

describe('autosize', () => {
  test('resizes the pool after each interval, with the reason of the policy', async () => {
    const { clock, pool } = busy({ policy: advising(8, 3.4, 3) });
    await clock.pass(3_000);
    const resized = pool.journal.events().filter(({ type }) => type === 'pool.resized');
    expect(resized).toMatchObject([
      { at: 1_000, poolSize: 8, reason: 'advice 0' },
      { at: 2_000, poolSize: 3, reason: 'advice 1' },
    ]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('is never outside its bounds, whatever a policy advises', async () => {
    const sizes = [1e9, -5, Number.POSITIVE_INFINITY, 0];
    const { clock, pool } = busy({ min: 2, policy: advising(...sizes), interval: 100 });
    const seen: number[] = [];
    pool.on('pool.resized', ({ poolSize }) => seen.push(poolSize!));
    await clock.pass(1_000);
    expect(seen).toEqual([20, 2, 20, 2]);
  });

  test('begins within the bounds, and with the least in a pool without a size', () => {
    const sizeOf = (poolSize: number) => busy({ min: 4, max: 20 }, poolSize).pool.poolSize;
    expect([1, 7, 99, Number.POSITIVE_INFINITY].map(sizeOf)).toEqual([4, 7, 20, 4]);
  });

  test('gives a policy what the pool did', async () => {
    const { clock, sizer } = busy({ interval: 2_000 });
    await clock.pass(2_000);
    expect(sizer.sample).toEqual({
      duration: 2_000,
      size: 5,
      min: 1,
      max: 20,
      peak: 5,
      fulfilled: 30,
      failed: 0,
      latency: 300,
      latencyError: 0,
      pending: 65,
      isComplete: true,
      load: undefined,
    });
  });

  test('goes on with a sample until as many have ended as ran', async () => {
    const { clock, sizer } = busy({ interval: 250 });
    const complete: (boolean | undefined)[] = [];
    for (let n = 0; n < 6; n++) {
      await clock.pass(250);
      complete.push(sizer.sample?.isComplete);
    }
    expect(complete).toEqual([false, false, false, true, false, false]);
    expect(sizer.numSamples).toBe(1);
  });

  test('counts failures, those that are followed by another attempt too, and no cancelled ones', async () => {
    const clock = new SimulatedClock();
    const pool = taskPool({ clock, poolSize: 3 });
    const sizer = autosize(pool, { max: 5, policy: advising(3) });
    const fail = async () => {
      await clock.sleep(10);
      throw new Error('busy');
    };
    pool.apply(fail, [], { retry: { limit: 2, delay: 50 } });
    pool.apply(() => clock.sleep(1_500), [], { groupName: 'long' });
    pool.apply(({ signal }) => clock.sleep(900, { signal }), [], { groupName: 'gone' });
    await clock.pass(500);
    pool.cancelGroup('gone');
    await clock.pass(500);
    expect(sizer.sample).toMatchObject({ fulfilled: 0, failed: 3, latency: undefined, peak: 3 });
    await pool.flush({ returnExceptions: true });
  });

  test('has no timer while nothing runs', async () => {
    const { clock, sizer, group } = busy();
    await clock.until(group.settled());
    await clock.pass(10_000);
    const last = sizer.sample;
    await clock.pass(10_000);
    expect(sizer.sample).toBe(last);
  });

  test.each([
    ['stop()', (sizer: Disposable & { stop(): void }) => sizer.stop()],
    ['the end of its scope', (sizer: Disposable) => sizer[Symbol.dispose]()],
  ])('is ended by %s, and the pool can be autosized again', async (_, end) => {
    const { clock, pool, sizer } = busy();
    end(sizer);
    await clock.pass(2_000);
    expect([pool.poolSize, sizer.sample]).toEqual([5, undefined]);
    autosize(pool, { max: 20, policy: advising(9) });
    await clock.pass(1_000);
    expect(pool.poolSize).toBe(9);
  });

  test('is ended by its signal, and by the end of the pool', async () => {
    const abort = new AbortController();
    const { clock, pool, sizer, group } = busy({ signal: abort.signal });
    abort.abort();
    await clock.pass(2_000);
    expect(sizer.sample).toBeUndefined();
    autosize(pool, { max: 20, policy: advising(9) });
    group.cancel();
    await clock.until(pool.gatherAndClose());
    await clock.pass(5_000);
    expect(() => autosize(pool, { max: 1, policy: advising(9) })).toThrow('closed');
  });

  test('leaves the size as it is when a policy throws, and says so', async () => {
    const logger = new Log();
    const decide = () => {
      throw new Error('no idea');
    };
    const { clock, pool } = busy({ policy: { decide }, logger });
    await clock.pass(1_000);
    expect(pool.poolSize).toBe(5);
    expect(logger.lines).toEqual([[expect.stringContaining('autosize of'), new Error('no idea')]]);
  });

  test('refuses a second one for the same pool, and invalid options', () => {
    const { pool } = busy();
    const policy = aimd();
    expect(() => autosize(pool, { max: 5, policy })).toThrow(
      'expected a pool that is not autosized',
    );
    const refused: [options: object, error: string][] = [
      [{ max: 5, policy, min: 0 }, 'expected min to be a positive integer'],
      [
        { max: 2, policy, min: 3 },
        'expected max to be an integer of at least 3 or Infinity, got 2',
      ],
      [{ max: 5 }, 'expected decide of policy to be a function, got undefined'],
      [{ max: 5, policy, interval: 0 }, 'expected interval to be a number of milliseconds above 0'],
      [{ max: 5, policy, every: 10 }, "got 'every': did you mean 'interval'?"],
      [{ max: 5, policy, signal: 1 }, 'expected signal to be an AbortSignal, got 1'],
    ];
    for (const [options, error] of refused) {
      expect(() => autosize(taskPool(), options as AutosizeOptions)).toThrow(error);
    }
    expect(() => aimd({ decrease: 2 })).toThrow(
      'expected decrease to be a number from 0 to 1, got 2',
    );
    expect(() => gradient({ tolerance: 0.5 })).toThrow(
      'expected tolerance to be a number of at least 1',
    );
    expect(() => system({ maxCpu: -1 })).toThrow(
      'expected maxCpu to be a number of at least 0, got -1',
    );
    expect(() => smallest()).toThrow('expected policies, got none');
  });
});

describe('policies', () => {
  test('aimd says why it shrinks, and then waits for a sample of the new size', () => {
    const { decide } = aimd({ maxLatency: 50, maxFailureRate: 0.1 });
    const slow = decide(SAMPLE);
    expect(slow).toMatchObject({ size: 9, reason: 'latency of 100 ms' });
    expect(slow.next(SAMPLE)).toMatchObject({ size: 9, reason: 'it has just shrunk' });
    expect(decide({ ...SAMPLE, failed: 50 })).toMatchObject({ reason: '50 % have failed' });
  });

  test.each([
    ['aimd', aimd()],
    ['gradient', gradient()],
    ['system', { decide: system().decide }],
  ])('%s does not grow a size that is not used', (_, { decide }) => {
    const load = { eventLoop: 0, memory: 0, cpu: 0 };
    expect(decide({ ...SAMPLE, peak: 3, load }).size).toBe(10);
    expect(decide({ ...SAMPLE, load }).size).toBeGreaterThan(10);
  });

  test('smallest takes the smallest advice, with its reason, and each part remembers', () => {
    const both = smallest(advising(5, 9), advising(7, 8));
    const first = both.decide(SAMPLE);
    expect(first).toMatchObject({ size: 5, reason: 'advice 0' });
    expect(first.next(SAMPLE)).toMatchObject({ size: 8, reason: 'advice 1' });
  });

  test('system shrinks while something is used up, and says what', () => {
    const { decide } = system({ maxEventLoop: 0.8, maxMemory: 0.5, maxCpu: 0.9 });
    const idle = { eventLoop: 0.1, memory: 0.1, cpu: 0.1 };
    const of = (load: object) => decide({ ...SAMPLE, load: { ...idle, ...load } });
    expect(of({})).toMatchObject({ size: 11, reason: 'the machine has room' });
    expect(of({ eventLoop: 0.85 })).toMatchObject({ size: 9, reason: 'event loop at 85 %' });
    expect(of({ memory: 0.6 })).toMatchObject({ size: 9, reason: 'memory at 60 %' });
    expect(of({ cpu: 0.99 })).toMatchObject({ size: 9, reason: 'processors at 99 %' });
  });

  test('system reads the load of this process, through smallest too', async () => {
    const { clock, sizer } = busy({ policy: smallest(advising(8), system()) });
    await clock.pass(1_000);
    const { eventLoop, memory, cpu } = sizer.sample!.load!;
    for (const share of [eventLoop, memory, cpu]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(memory).toBeGreaterThan(0);
  });
});
