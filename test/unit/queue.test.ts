import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { QueueEmpty, QueueFull } from '../../src/errors.ts';
import { Queue } from '../../src/pool/queue.ts';
import { processorTime, staysBelow } from '../support/cost.ts';

const aborted = (reason: unknown) => AbortSignal.abort(reason);
const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

/** A queue that holds these items. */
function queueOf<T>(items: readonly T[], maxsize = Infinity): Queue<T> {
  const queue = new Queue<T>({ maxsize });
  for (const item of items) queue.putNowait(item);
  return queue;
}

/** Every item that is left, in order. */
function drain<T>(queue: Queue<T>): T[] {
  const items: T[] = [];
  while (!queue.isEmpty) items.push(queue.getNowait());
  return items;
}

/** Whether a promise is still pending after all that could settle it has run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const settled = vi.fn();
  promise.then(settled, settled);
  await new Promise(setImmediate);
  return settled.mock.calls.length === 0;
}

describe('new Queue()', () => {
  it('is empty and unbounded', () => {
    const queue = new Queue<string>();
    expect(queue).toMatchObject({
      maxsize: Infinity,
      size: 0,
      unfinished: 0,
      isEmpty: true,
      isFull: false,
    });
  });

  it.each([{}, { maxsize: undefined }, { maxsize: Infinity }])('is unbounded for %o', (options) => {
    expect(new Queue(options).maxsize).toBe(Infinity);
  });

  it.each([0, -1, 1.5, Number.NaN, -Infinity])('refuses a maxsize of %s', (maxsize) => {
    expect(() => new Queue({ maxsize })).toThrow(
      new RangeError(`expected maxsize to be a positive integer or Infinity, got ${maxsize}`),
    );
  });

  it.each(['3', null, 3n, true])('refuses a maxsize that is no number: %o', (maxsize) => {
    expect(() => new Queue({ maxsize: maxsize as unknown as number })).toThrow(TypeError);
  });
});

describe('putNowait and getNowait', () => {
  it('hand over items first in, first out', () => {
    const queue = queueOf(['a', 'b', 'c']);
    expect(queue.size).toBe(3);
    expect(queue.isEmpty).toBe(false);
    expect(drain(queue)).toEqual(['a', 'b', 'c']);
    expect(queue.isEmpty).toBe(true);
  });

  it('work again after the queue ran empty', () => {
    const queue = queueOf(['a']);
    queue.getNowait();
    queue.putNowait('b');
    expect(queue.getNowait()).toBe('b');
  });

  it('throw QueueFull and leave the queue alone when there is no room', () => {
    const queue = queueOf(['a', 'b'], 2);
    expect(queue.isFull).toBe(true);
    expect(() => queue.putNowait('c')).toThrow(QueueFull);
    expect(() => queue.putNowait('c')).toThrow('expected room, got a queue with all 2 taken');
    expect(drain(queue)).toEqual(['a', 'b']);
  });

  it('throw QueueEmpty and take nothing when there is no item', () => {
    const queue = new Queue<string>();
    expect(() => queue.getNowait()).toThrow(QueueEmpty);
    expect(() => queue.getNowait()).toThrow('expected an item, got an empty queue');
    expect(queue.unfinished).toBe(0);
  });

  it('take undefined, null and false for items like any other', async () => {
    const queue = queueOf<unknown>([undefined, null]);
    expect(drain(queue)).toEqual([undefined, null]);
    const waiting = queue.get();
    queue.putNowait(false);
    expect(await waiting).toBe(false);
  });
});

describe('get', () => {
  it('takes at once what is there', async () => {
    const queue = queueOf(['a', 'b']);
    const got = queue.get();
    expect(queue.size).toBe(1);
    expect(await got).toBe('a');
  });

  it('waits while the queue is empty and serves those who wait in their order', async () => {
    const queue = new Queue<string>();
    const served: string[] = [];
    const gets = ['first', 'second', 'third'].map(async (who) => {
      served.push(`${who} got ${await queue.get()}`);
    });
    expect(await isPending(Promise.race(gets))).toBe(true);
    for (const item of ['a', 'b', 'c']) queue.putNowait(item);
    await Promise.all(gets);
    expect(served).toEqual(['first got a', 'second got b', 'third got c']);
  });

  it('is not overtaken by a later get that finds an item', async () => {
    const queue = new Queue<string>();
    const served: string[] = [];
    const early = queue.get().then((item) => served.push(`early ${item}`));
    queue.putNowait('a');
    queue.putNowait('b');
    const late = queue.get().then((item) => served.push(`late ${item}`));
    await Promise.all([early, late]);
    expect(served).toEqual(['early a', 'late b']);
  });

  it('takes the item the moment it is put', () => {
    const queue = new Queue<string>();
    void queue.get();
    queue.putNowait('a');
    expect(queue).toMatchObject({ size: 0, unfinished: 1 });
  });

  it('rejects at once and takes nothing when its signal was aborted before', async () => {
    const queue = queueOf(['a']);
    await expect(queue.get({ signal: aborted('no') })).rejects.toBe('no');
    expect(queue).toMatchObject({ size: 1, unfinished: 1 });
  });

  it('rejects with the reason when its signal aborts, and its place goes to the next', async () => {
    const queue = new Queue<string>();
    const controller = new AbortController();
    const reason = new Error('stop');
    const [first, second, third] = [queue.get(), queue.get(controller), queue.get()];
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    queue.putNowait('a');
    queue.putNowait('b');
    expect([await first, await third]).toEqual(['a', 'b']);
  });

  it.each([
    ['first', 0],
    ['middle', 1],
    ['last', 2],
    ['only', 3],
  ])('serves all others when the %s one who waits gives up', async (_, index) => {
    const queue = new Queue<number>();
    const controllers = Array.from({ length: index === 3 ? 1 : 3 }, () => new AbortController());
    const gets = controllers.map((controller) => queue.get(controller));
    controllers[index % 3]?.abort();
    gets.push(queue.get());
    for (const item of gets.keys()) queue.putNowait(item);
    const results = await Promise.allSettled(gets);
    const items = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    expect(items).toEqual([...items.keys()]);
    expect(items).toHaveLength(gets.length - 1);
    expect(drain(queue)).toEqual([gets.length - 1]);
  });

  it('loses no item when the abort comes in the same turn after the put', async () => {
    const queue = new Queue<string>();
    const controller = new AbortController();
    const got = queue.get(controller);
    queue.putNowait('a');
    controller.abort();
    expect(await got).toBe('a');
  });

  it('loses no item when the put comes in the same turn after the abort', async () => {
    const queue = new Queue<string>();
    const controller = new AbortController();
    const got = queue.get(controller);
    controller.abort();
    queue.putNowait('a');
    await expect(got).rejects.toThrow('aborted');
    expect(drain(queue)).toEqual(['a']);
  });

  it('loses no item that another listener of the same abort puts', async () => {
    const queue = new Queue<string>();
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => queue.putNowait('before'));
    const gets = [queue.get(controller), queue.get(controller)];
    controller.signal.addEventListener('abort', () => queue.putNowait('after'));
    controller.abort();
    expect(await Promise.allSettled(gets)).toMatchObject([
      { value: 'before' },
      { status: 'rejected' },
    ]);
    expect(drain(queue)).toEqual(['after']);
  });

  it('takes the context of a task function for its options', async () => {
    const context = { signal: aborted('cancelled'), id: 7, groupName: 'g', report: () => {} };
    const queue = new Queue<string>();
    await expect(queue.get(context)).rejects.toBe('cancelled');
    await expect(queue.put('a', context)).rejects.toBe('cancelled');
    await expect(queue.lease(context)).rejects.toBe('cancelled');
    await expect(queue.items(context).next()).rejects.toBe('cancelled');
    await expect(queue.join(context)).rejects.toBe('cancelled');
  });
});

describe('put', () => {
  it('adds at once while there is room', async () => {
    const queue = new Queue<string>({ maxsize: 1 });
    const put = queue.put('a');
    expect(queue.size).toBe(1);
    expect(await put).toBeUndefined();
  });

  it('waits while the queue is full and lets in those who wait in their order', async () => {
    const queue = queueOf(['a'], 1);
    const letIn: string[] = [];
    const puts = ['b', 'c'].map((item) => queue.put(item).then(() => letIn.push(item)));
    expect(await isPending(Promise.race(puts))).toBe(true);
    expect(queue.size).toBe(1);

    expect(queue.getNowait()).toBe('a');
    expect(queue.isFull).toBe(true);
    expect(() => queue.putNowait('overtaking')).toThrow(QueueFull);
    expect(await queue.get()).toBe('b');
    expect(await queue.get()).toBe('c');
    await Promise.all(puts);
    expect(letIn).toEqual(['b', 'c']);
  });

  it('rejects at once and adds nothing when its signal was aborted before', async () => {
    const queue = new Queue<string>();
    await expect(queue.put('a', { signal: aborted('no') })).rejects.toBe('no');
    expect(queue.unfinished).toBe(0);
  });

  it('rejects with the reason when its signal aborts, and its item stays out', async () => {
    const queue = queueOf(['a'], 1);
    const controller = new AbortController();
    const [b, c] = [queue.put('b', controller), queue.put('c')];
    controller.abort('stop');
    await expect(b).rejects.toBe('stop');
    expect(queue.getNowait()).toBe('a');
    await c;
    expect(drain(queue)).toEqual(['c']);
  });

  it('fulfils, with its item in, when the abort comes in the same turn after it was let in', async () => {
    const queue = queueOf(['a'], 1);
    const controller = new AbortController();
    const put = queue.put('b', controller);
    queue.getNowait();
    controller.abort();
    await put;
    expect(drain(queue)).toEqual(['b']);
  });
});

describe('itemProcessed and join', () => {
  it('joins at once when nothing was put', async () => {
    await expect(new Queue().join()).resolves.toBeUndefined();
  });

  it('waits for items in the queue and for items being processed', async () => {
    const queue = queueOf(['a', 'b']);
    const join = queue.join();
    drain(queue);
    queue.itemProcessed();
    expect(queue.unfinished).toBe(1);
    expect(await isPending(join)).toBe(true);
    queue.itemProcessed();
    expect(queue.unfinished).toBe(0);
    await join;
  });

  it('resolves for all who wait, and again after the next round', async () => {
    const queue = queueOf(['a']);
    const joins = [queue.join(), queue.join()];
    queue.getNowait();
    queue.itemProcessed();
    queue.putNowait('b');
    await Promise.all(joins);
    const next = queue.join();
    expect(await isPending(next)).toBe(true);
    queue.getNowait();
    queue.itemProcessed();
    await next;
  });

  it('counts the items of those who waited to put', async () => {
    const queue = queueOf(['a'], 1);
    const put = queue.put('b');
    const join = queue.join();
    queue.getNowait();
    queue.itemProcessed();
    await put;
    expect(await isPending(join)).toBe(true);
    queue.getNowait();
    queue.itemProcessed();
    await join;
  });

  it('refuses to process more items than were taken', () => {
    const queue = queueOf(['a', 'b']);
    const error = new RangeError('itemProcessed() expected an item taken, got none');
    expect(() => queue.itemProcessed()).toThrow(error);
    queue.getNowait();
    queue.itemProcessed();
    expect(() => queue.itemProcessed()).toThrow(error);
    expect(queue.unfinished).toBe(1);
  });

  it('gives up a join when its signal aborts, and only that one', async () => {
    const queue = queueOf(['a']);
    const controller = new AbortController();
    const [mine, theirs] = [queue.join(controller), queue.join()];
    controller.abort('stop');
    await expect(mine).rejects.toBe('stop');
    await expect(queue.join(controller)).rejects.toBe('stop');
    expect(await isPending(theirs)).toBe(true);
    queue.getNowait();
    queue.itemProcessed();
    await theirs;
  });
});

describe('lease', () => {
  it('marks the item as processed when the scope of await using is left', async () => {
    const queue = queueOf(['a']);
    {
      await using lease = await queue.lease();
      expect(lease.item).toBe('a');
      expect(queue.unfinished).toBe(1);
    }
    expect(queue.unfinished).toBe(0);
  });

  it('does so with using, too', async () => {
    const queue = queueOf(['a']);
    {
      using lease = await queue.lease();
      expect(lease.item).toBe('a');
    }
    expect(queue.unfinished).toBe(0);
  });

  it('does so when the work throws', async () => {
    const queue = queueOf(['a']);
    const work = async () => {
      await using lease = await queue.lease();
      throw new Error(`no good: ${lease.item}`);
    };
    await expect(work()).rejects.toThrow('no good: a');
    await queue.join();
  });

  it('marks it once, however often it is disposed of', async () => {
    const queue = queueOf(['a', 'b']);
    const lease = await queue.lease();
    queue.getNowait();
    lease[Symbol.dispose]();
    lease[Symbol.dispose]();
    await lease[Symbol.asyncDispose]();
    expect(queue.unfinished).toBe(1);
  });

  it('waits in one line with get', async () => {
    const queue = new Queue<string>();
    const [first, second, third] = [queue.lease(), queue.get(), queue.lease()];
    for (const item of ['a', 'b', 'c']) queue.putNowait(item);
    expect([(await first).item, await second, (await third).item]).toEqual(['a', 'b', 'c']);
  });

  it('rejects and takes nothing when its signal aborts', async () => {
    const queue = new Queue<string>();
    const controller = new AbortController();
    const lease = queue.lease(controller);
    controller.abort('stop');
    await expect(lease).rejects.toBe('stop');
    await expect(queue.lease(controller)).rejects.toBe('stop');
    queue.putNowait('a');
    expect(drain(queue)).toEqual(['a']);
  });

  it('keeps an item that is a promise as it is, even one that rejects', async () => {
    const failure = Promise.reject(new Error('bad item'));
    const queue = queueOf([failure]);
    {
      using lease = await queue.lease();
      expect(lease.item).toBe(failure);
    }
    await expect(failure).rejects.toThrow('bad item');
    await queue.join();
  });
});

describe('items', () => {
  it('marks each item as processed when the loop asks for the next', async () => {
    const queue = queueOf(['a', 'b', 'c']);
    const unfinished: number[] = [];
    for await (const item of queue.items()) {
      unfinished.push(queue.unfinished);
      if (item === 'c') break;
    }
    expect(unfinished).toEqual([3, 2, 1]);
    await queue.join();
  });

  it('marks the last one when the body throws', async () => {
    const queue = queueOf(['a', 'b']);
    const loop = async () => {
      for await (const item of queue.items()) throw new Error(`no good: ${item}`);
    };
    await expect(loop()).rejects.toThrow('no good: a');
    expect(queue).toMatchObject({ size: 1, unfinished: 1 });
  });

  it('ends with the reason when the signal aborts while it waits', async () => {
    const queue = queueOf(['a']);
    const controller = new AbortController();
    const seen: string[] = [];
    const loop = async () => {
      for await (const item of queue.items(controller)) seen.push(item);
    };
    const done = loop();
    await queue.join();
    controller.abort('stop');
    await expect(done).rejects.toBe('stop');
    expect(seen).toEqual(['a']);
  });

  it('finishes the current item, then takes no other, when the signal aborts in the body', async () => {
    const queue = queueOf(['a', 'b']);
    const controller = new AbortController();
    const loop = async () => {
      for await (const _ of queue.items(controller)) controller.abort('stop');
    };
    await expect(loop()).rejects.toBe('stop');
    expect(queue).toMatchObject({ size: 1, unfinished: 1 });
  });

  it('shares the items among several loops', async () => {
    const queue = new Queue<number>({ maxsize: 2 });
    const controller = new AbortController();
    const seen: number[] = [];
    const workers = Array.from({ length: 3 }, async () => {
      for await (const item of queue.items(controller)) seen.push(item);
    });
    for (let item = 0; item < 20; item += 1) await queue.put(item);
    await queue.join();
    controller.abort();
    await Promise.allSettled(workers);
    expect(seen.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  });

  it('takes nothing before it is asked', async () => {
    const queue = queueOf(['a']);
    const items = queue.items();
    await items.return();
    expect(queue.size).toBe(1);
  });
});

describe('abort listeners', () => {
  it('are not added when there is nothing to wait for', () => {
    const { signal } = new AbortController();
    const queue = new Queue<string>();
    const add = vi.spyOn(signal, 'addEventListener');
    void queue.put('a', { signal });
    void queue.get({ signal });
    queue.itemProcessed();
    void queue.join({ signal });
    expect(add).not.toHaveBeenCalled();
  });

  it('are one per signal, however many wait, and gone when all are served', async () => {
    const { signal } = new AbortController();
    const queues = [new Queue<number>(), new Queue<number>()];
    const gets = queues.flatMap((queue) => [queue.get({ signal }), queue.lease({ signal })]);
    expect(listeners(signal)).toBe(1);
    for (const queue of queues) {
      queue.putNowait(1);
      expect(listeners(signal)).toBe(1);
      queue.putNowait(2);
    }
    expect(listeners(signal)).toBe(0);
    await Promise.all(gets);
  });

  it('are gone after an abort', async () => {
    const controller = new AbortController();
    const queue = new Queue<number>();
    const gets = [queue.get(controller), queue.get(controller)];
    controller.abort();
    await Promise.allSettled(gets);
    expect(listeners(controller.signal)).toBe(0);
  });

  it('do not pile up over 10,000 waits under one signal', async () => {
    const { signal } = new AbortController();
    const queue = new Queue<number>({ maxsize: 1 });
    const add = vi.spyOn(signal, 'addEventListener');
    for (let item = 0; item < 2_500; item += 1) {
      const got = queue.get({ signal });
      queue.putNowait(item);
      const [put, blocked] = [queue.put(item, { signal }), queue.put(item, { signal })];
      const join = queue.join({ signal });
      drain(queue);
      for (let processed = 0; processed < 3; processed += 1) queue.itemProcessed();
      await Promise.all([got, put, blocked, join]);
    }
    expect(add).toHaveBeenCalledTimes(5_000);
    expect(listeners(signal)).toBe(0);
  });
});

describe('cost', () => {
  /** Whether something takes about as long for each of many as for each of few. */
  const isLinear = async (few: number, many: number, run: (count: number) => unknown) => {
    const costOf = async (count: number) => (await processorTime(() => run(count))) / count;
    for (let round = 0; round < 5; round += 1) await costOf(few);
    // Where entries move up in a list, or are searched, each of many takes ten times as long.
    await staysBelow(4, `times as much for each of ${many / few} times as many`, async () => {
      const least = Math.min(await costOf(few), await costOf(few));
      return (await costOf(many)) / least;
    });
  };

  it('does not grow with the items in the queue', async () => {
    await isLinear(5_000, 150_000, (count) => {
      const items = Array.from({ length: count }, (_, index) => index);
      expect(drain(queueOf(items)).every((item, index) => item === index)).toBe(true);
    });
  });

  it('does not grow with those who wait under one signal, served or aborted', async () => {
    await isLinear(1_000, 30_000, async (count) => {
      const controller = new AbortController();
      const queue = new Queue<number>();
      const gets = Array.from({ length: count }, () => queue.get(controller));
      for (let item = 0; item < count / 2; item += 1) queue.putNowait(item);
      controller.abort();
      const results = await Promise.allSettled(gets);
      expect(results.findIndex(({ status }) => status === 'rejected')).toBe(count / 2);
      expect(results.findLastIndex(({ status }) => status === 'fulfilled')).toBe(count / 2 - 1);
    });
  });
});
