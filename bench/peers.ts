/** The other libraries, each used as in its own documentation. */
import { eachLimit, mapLimit } from 'async';
import * as Effect from 'effect/Effect';
import fastq from 'fastq';
import pLimit from 'p-limit';
import pMap from 'p-map';
import PQueue from 'p-queue';
import { CONCURRENCY, type TaskFunction } from './model.ts';

type Run = (fn: TaskFunction, items: number[]) => Promise<unknown>;

export interface Peer {
  readonly name: string;
  /** All items, results not used. A library that always collects them does the same as in `awaited`. */
  readonly dropped: Run;
  /** All items, results in an array. */
  readonly awaited: Run;
  /** A call for each item that returns a promise, all of them awaited. */
  readonly submit?: Run;
}

const viaPMap: Run = (fn, items) => pMap(items, fn, { concurrency: CONCURRENCY });

const viaPLimit: Run = (fn, items) => pLimit(CONCURRENCY).map(items, fn);

const pMapPeer: Peer = { name: 'p-map', dropped: viaPMap, awaited: viaPMap };

export const pLimitPeer: Peer = {
  name: 'p-limit',
  dropped: viaPLimit,
  awaited: viaPLimit,
  async submit(fn, items) {
    const limit = pLimit(CONCURRENCY);
    return await Promise.all(items.map((item) => limit(fn, item)));
  },
};

const pQueuePeer: Peer = {
  name: 'p-queue',
  async dropped(fn, items) {
    const queue = new PQueue({ concurrency: CONCURRENCY });
    for (const item of items) void queue.add(() => fn(item));
    await queue.onIdle();
  },
  async awaited(fn, items) {
    const queue = new PQueue({ concurrency: CONCURRENCY });
    return await queue.addAll(items.map((item) => () => fn(item)));
  },
  async submit(fn, items) {
    const queue = new PQueue({ concurrency: CONCURRENCY });
    return await Promise.all(items.map((item) => queue.add(() => fn(item))));
  },
};

const viaFastq: Run = async (fn, items) => {
  const queue = fastq.promise(fn, CONCURRENCY);
  return await Promise.all(items.map((item) => queue.push(item)));
};

const fastqPeer: Peer = {
  name: 'fastq',
  async dropped(fn, items) {
    const queue = fastq.promise(fn, CONCURRENCY);
    for (const item of items) void queue.push(item);
    await queue.drained();
  },
  awaited: viaFastq,
  submit: viaFastq,
};

const asyncPeer: Peer = {
  name: 'async',
  dropped: (fn, items) => eachLimit(items, CONCURRENCY, fn),
  awaited: (fn, items) => mapLimit<number, number>(items, CONCURRENCY, fn),
};

function effectOf(fn: TaskFunction): (item: number) => Effect.Effect<number> {
  return (item) => Effect.promise(() => fn(item));
}

const effectPeer: Peer = {
  name: 'Effect',
  dropped: (fn, items) =>
    Effect.runPromise(
      Effect.forEach(items, effectOf(fn), { concurrency: CONCURRENCY, discard: true }),
    ),
  awaited: (fn, items) =>
    Effect.runPromise(Effect.forEach(items, effectOf(fn), { concurrency: CONCURRENCY })),
};

/** Only loops over a shared iterator: the lower bound for the cost of any pool. */
export const workersPeer: Peer = {
  name: 'hand-written workers',
  async dropped(fn, items) {
    const source = items.values();
    const worker = async (): Promise<void> => {
      for (const item of source) await fn(item);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  },
  async awaited(fn, items) {
    const source = items.entries();
    const results: number[] = [];
    const worker = async (): Promise<void> => {
      for (const [index, item] of source) results[index] = await fn(item);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    return results;
  },
};

export const peers: readonly Peer[] = [
  pMapPeer,
  pLimitPeer,
  pQueuePeer,
  fastqPeer,
  asyncPeer,
  effectPeer,
  workersPeer,
];
