/**
 * W5: the memory of a long run. The source is a generator that reads the memory in use at every 1,000th item (no-ops
 * never leave the microtask queue, so a timer would not fire). The peak includes garbage that V8 has not collected
 * yet; the live heap is read after a forced collection at every tenth of the run. No warm-up: the first run in a
 * fresh process.
 */
import pMap from 'p-map';
import { collectGarbage } from '../measure.ts';
import { CONCURRENCY, count, ours, peer, type Scale, type Section } from '../model.ts';
import { mapDropped } from '../ours.ts';
import { noop } from './w1-noop.ts';

type Run = (items: Iterable<number>) => Promise<unknown>;

interface Sampling {
  readonly items: number;
  /** Reads the memory after each such number of items. */
  readonly every: number;
  /** Forces a garbage collection before reading. */
  readonly live: boolean;
}

const MEGABYTE = 1_000_000;

/** The JavaScript heap and external memory, including typed arrays. */
function memoryInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function peakMegabytes(run: Run, { items, every, live }: Sampling): Promise<number> {
  let peak = 0;
  function sample(): void {
    if (live) collectGarbage();
    peak = Math.max(peak, memoryInUse());
  }
  function* source(): Generator<number> {
    for (let item = 0; item < items; item++) {
      if (item % every === 0) sample();
      yield item;
    }
  }
  collectGarbage();
  const before = memoryInUse();
  await run(source());
  sample();
  return (peak - before) / MEGABYTE;
}

const viaPool: Run = (items) => mapDropped(noop, items);
const viaPMap: Run = (items) => pMap(items, noop, { concurrency: CONCURRENCY });
const viaWorkers: Run = async (items) => {
  const source = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = source.next(); next.done !== true; next = source.next()) await noop(next.value);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
};

const MILLION = 1_000_000;

export function memorySections({ quick }: Scale): Section[] {
  const peak = (run: Run, items: number) => () =>
    peakMegabytes(run, { items, every: 1000, live: false });
  const live = (run: Run, items: number) => () =>
    peakMegabytes(run, { items, every: items / 10, live: true });
  const sizes = quick ? [100_000, MILLION] : [100_000, MILLION, 10 * MILLION];
  return [
    {
      id: 'W5-peak',
      title: 'items from a generator, results dropped: peak of heap and buffers over the start',
      unit: 'MB',
      contenders: [
        ...sizes.map((size) => ours(`${count(size)} items`, peak(viaPool, size))),
        peer('p-map, 1,000,000 items', peak(viaPMap, MILLION)),
        peer('hand-written workers, 1,000,000 items', peak(viaWorkers, MILLION)),
      ],
    },
    {
      id: 'W5-live',
      title: 'the same, live (after a forced collection at every tenth of the items)',
      unit: 'MB',
      contenders: [
        ...sizes.slice(0, 2).map((size) => ours(`${count(size)} items`, live(viaPool, size))),
        peer('p-map, 1,000,000 items', live(viaPMap, MILLION)),
      ],
    },
  ];
}
