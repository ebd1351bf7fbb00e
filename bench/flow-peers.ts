/** The other libraries with priorities, timeouts, keys, rates and retries, used as in their documentation. */
import Bottleneck from 'bottleneck';
import { ConstantBackoff, handleAll, retry, TimeoutStrategy, timeout } from 'cockatiel';
import * as Effect from 'effect/Effect';
import pLimit, { type LimitFunction } from 'p-limit';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { CONCURRENCY, type TaskFunction } from './model.ts';

type Run = (fn: TaskFunction, items: readonly number[]) => Promise<unknown>;

/** Far longer than any task takes. */
export const TIMEOUT = 60_000;
export const RETRIES = 3;
/** A rate that never holds a task back. */
export const RATE = { max: 1_000_000_000, per: 60_000 };

export const priorities = {
  'p-queue': (priorityOf: (item: number) => number): Run => {
    return async (fn, items) => {
      const queue = new PQueue({ concurrency: CONCURRENCY });
      const add = (item: number) => queue.add(() => fn(item), { priority: priorityOf(item) });
      return await Promise.all(items.map(add));
    };
  },
};

export const timeouts: Record<string, Run> = {
  async 'p-queue'(fn, items) {
    const queue = new PQueue({ concurrency: CONCURRENCY, timeout: TIMEOUT });
    return await Promise.all(items.map((item) => queue.add(() => fn(item))));
  },
  async 'cockatiel over p-limit'(fn, items) {
    const policy = timeout(TIMEOUT, TimeoutStrategy.Aggressive);
    const limit = pLimit(CONCURRENCY);
    return await Promise.all(items.map((item) => limit(() => policy.execute(() => fn(item)))));
  },
  Effect: (fn, items) =>
    effects(items, (item) => Effect.timeout(attempt(fn, item), `${TIMEOUT} millis`)),
};

export const retries: Record<string, Run> = {
  async 'p-retry over p-limit'(fn, items) {
    const limit = pLimit(CONCURRENCY);
    const options = { retries: RETRIES };
    return await Promise.all(items.map((item) => limit(() => pRetry(() => fn(item), options))));
  },
  async 'cockatiel over p-limit'(fn, items) {
    const policy = retry(handleAll, { maxAttempts: RETRIES, backoff: new ConstantBackoff(1000) });
    const limit = pLimit(CONCURRENCY);
    return await Promise.all(items.map((item) => limit(() => policy.execute(() => fn(item)))));
  },
  Effect: (fn, items) =>
    effects(items, (item) => Effect.retry(attempt(fn, item), { times: RETRIES })),
};

/** A p-limit for each key within one for all: the usual substitute in libraries without limits by key. */
export function mapOfLimits(keyOf: (item: number) => number, atOnce: number): Run {
  return async (fn, items) => {
    const all = pLimit(CONCURRENCY);
    const limits = new Map<number, LimitFunction>();
    const limitOf = (key: number): LimitFunction => {
      const known = limits.get(key);
      if (known !== undefined) return known;
      const made = pLimit(atOnce);
      limits.set(key, made);
      return made;
    };
    return await Promise.all(items.map((item) => limitOf(keyOf(item))(() => all(fn, item))));
  };
}

export const rates: Record<string, Run> = {
  async 'p-queue, intervalCap'(fn, items) {
    const queue = new PQueue({
      concurrency: CONCURRENCY,
      intervalCap: RATE.max,
      interval: RATE.per,
    });
    return await Promise.all(items.map((item) => queue.add(() => fn(item))));
  },
  async 'bottleneck, reservoir'(fn, items) {
    const limiter = new Bottleneck({
      maxConcurrent: CONCURRENCY,
      reservoir: RATE.max,
      reservoirRefreshAmount: RATE.max,
      reservoirRefreshInterval: RATE.per,
    });
    const results = await Promise.all(items.map((item) => limiter.schedule(() => fn(item))));
    await limiter.disconnect();
    return results;
  },
};

function attempt(fn: TaskFunction, item: number): Effect.Effect<number, unknown> {
  return Effect.tryPromise({ try: () => fn(item), catch: (error) => error });
}

function effects<E>(
  items: readonly number[],
  one: (item: number) => Effect.Effect<number, E>,
): Promise<number[]> {
  return Effect.runPromise(Effect.forEach(items, one, { concurrency: CONCURRENCY }));
}
