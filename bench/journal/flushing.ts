/** How long the event loop is blocked by one flush of a pool's events. */
import { count, ours, type Scale, type Section } from '../model.ts';
import { makeBatches } from './events.ts';
import { newPath } from './folders.ts';
import { stores } from './stores.ts';

/** The batch size of a pool. */
const BATCH = 2000;

export function flushSection({ quick }: Scale): Section {
  const events = quick ? 50_000 : 500_000;
  return {
    id: 'flush',
    title: `longest block of the event loop in a flush of ${BATCH} events, 99th percentile of ${count(events / BATCH)} flushes, durability os`,
    unit: 'ms',
    contenders: stores.map(({ name, open }) =>
      ours(name, async () => {
        const store = await open(newPath());
        const blocks: number[] = [];
        for (const batch of makeBatches(events, BATCH)) {
          blocks.push(await longestBlock(() => store.append(batch)));
        }
        await store.close();
        blocks.sort((a, b) => a - b);
        return blocks[Math.ceil(blocks.length * 0.99) - 1] ?? Number.NaN;
      }),
    ),
  };
}

/** The longest time between two turns of the event loop during some work. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let next: NodeJS.Immediate;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(look);
  };
  next = setImmediate(look);
  await work();
  clearImmediate(next);
  return Math.max(longest, performance.now() - last);
}
