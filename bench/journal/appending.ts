/** Appending batches, compared with the raw writes that every store needs. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { PoolEvent } from 'xstate-taskpool';
import type { Durability } from 'xstate-taskpool/journal/sqlite';
import { medianMicros } from '../measure.ts';
import { count, ours, peer, type Scale, type Section } from '../model.ts';
import { linesOf, makeBatches } from './events.ts';
import { newPath } from './folders.ts';
import { stores } from './stores.ts';

/** The same bytes, prepared in advance. */
export const RAW = 'raw append';
export const STRINGIFY = 'JSON.stringify + write';

interface Appends {
  readonly id: string;
  readonly title: string;
  readonly durability: Durability;
  readonly size: number;
  readonly events: number;
}

export function appendSections({ quick }: Scale): Section[] {
  const scale = quick ? 10 : 1;
  return [
    section({
      id: 'append-off',
      title: 'batches of 1,000, nothing forced to the disk',
      durability: 'none',
      size: 1000,
      events: 300_000 / scale,
    }),
    section({
      id: 'append-fsync-100',
      title: 'batches of 100, each forced to the disk',
      durability: 'batch',
      size: 100,
      events: 30_000 / scale,
    }),
    section({
      id: 'append-fsync-1000',
      title: 'batches of 1,000, each forced to the disk',
      durability: 'batch',
      size: 1000,
      events: 200_000 / scale,
    }),
  ];
}

function section({ id, title, durability, size, events }: Appends): Section {
  const isForced = durability !== 'none';
  const measured = (prepare: (batches: PoolEvent[][]) => () => Promise<() => unknown>) => {
    return async () => {
      const scenario = prepare(makeBatches(events, size));
      return (await medianMicros(scenario, { warmups: 2, runs: 3 })) / events;
    };
  };
  return {
    id,
    title: `${count(events)} events in ${title}`,
    unit: 'µs per event',
    compared: true,
    contenders: [
      ...stores.map(({ name, open }) =>
        ours(
          name,
          measured((batches) => async () => {
            const store = await open(newPath(), durability);
            return async () => {
              for (const batch of batches) await store.append(batch);
              await store.close();
            };
          }),
        ),
      ),
      peer(
        RAW,
        measured((batches) => {
          const written = batches.map((batch) => Buffer.from(linesOf(batch)));
          return async () => () => write(written, isForced);
        }),
      ),
      peer(
        STRINGIFY,
        measured((batches) => async () => () => write(batches, isForced)),
      ),
    ],
  };
}

function write(batches: readonly (Buffer | PoolEvent[])[], isForced: boolean): void {
  const fd = openSync(newPath(), 'a');
  for (const batch of batches) {
    writeSync(fd, Buffer.isBuffer(batch) ? batch : Buffer.from(linesOf(batch)));
    if (isForced) fdatasyncSync(fd);
  }
  closeSync(fd);
}
