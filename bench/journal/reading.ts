/** Reading a journal, and its size on the disk. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { medianMicros } from '../measure.ts';
import { count, ours, type Scale, type Section } from '../model.ts';
import { linesOf, makeBatches } from './events.ts';
import { newPath } from './folders.ts';
import { stores } from './stores.ts';

/** The batch size of a pool. */
const BATCH = 2000;

export function readSection({ quick }: Scale): Section {
  const events = quick ? 30_000 : 300_000;
  return {
    id: 'read',
    title: `${count(events)} events, checked and parsed`,
    unit: 'µs per event',
    contenders: stores.map(({ name, open }) =>
      ours(name, async () => {
        const store = await open(newPath());
        for (const batch of makeBatches(events, BATCH)) await store.append(batch);
        const micros = await medianMicros(async () => async () => {
          let read = 0;
          for await (const batch of store.read()) read += batch.length;
          if (read !== events) throw new Error(`Expected ${events} events, got ${read}.`);
        });
        return micros / events;
      }),
    ),
  };
}

export function sizeSection({ quick }: Scale): Section {
  const events = quick ? 30_000 : 300_000;
  return {
    id: 'size',
    title: `bytes on the disk, by those of the JSON of ${count(events)} events`,
    unit: '×',
    contenders: stores.map(({ name, open }) =>
      ours(name, async () => {
        const path = newPath();
        const store = await open(path);
        let bytes = 0;
        for (const batch of makeBatches(events, BATCH)) {
          await store.append(batch);
          bytes += linesOf(batch).length;
        }
        await store.close();
        return sizeOf(path) / bytes;
      }),
    ),
  };
}

function sizeOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
