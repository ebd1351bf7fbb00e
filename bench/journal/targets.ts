/** The targets for the cost of a journal. */
import { absolute, ratio, type Target } from '../judge.ts';
import { RAW, STRINGIFY } from './appending.ts';
import { EVENTS_AS_JSON, NO_JOURNAL } from './pools.ts';
import { fresh, interrupted, MEMORY } from './recovering.ts';
import { JSONL, SQLITE } from './stores.ts';

export const targets: readonly Target[] = [
  speed('append-off', SQLITE, RAW, 0.018),
  speed('append-off', SQLITE, STRINGIFY, 0.45),
  speed('append-off', JSONL, RAW, 0.03),
  speed('append-off', JSONL, STRINGIFY, 0.65),
  speed('append-fsync-100', SQLITE, RAW, 0.45),
  speed('append-fsync-1000', SQLITE, RAW, 0.12),
  speed('append-fsync-1000', SQLITE, STRINGIFY, 0.45),
  ...[SQLITE, JSONL].flatMap((store) => [
    absolute(`read back, ${store}`, 'read', 'µs per event', store, 2),
    absolute(`size, ${store}`, 'size', '×', store, 0.3),
    ratio(`W1, ${store}`, 'W1', store, NO_JOURNAL, 6),
    absolute(`p99 of a flush, ${store}`, 'flush', 'ms', store, 10),
    absolute(`open from a snapshot, ${store}`, 'open', 'ms', store, 1000),
  ]),
  ...[SQLITE, JSONL, MEMORY].flatMap((store) => [
    ratio('interrupted tasks, drained', 'drain', interrupted(store), fresh(store), 1.5),
    absolute(`interrupted tasks, cancelled, ${store}`, 'cancel-recovered', 'ms', store, 500),
  ]),
  added(SQLITE, 1.1),
  added(JSONL, 0.6),
];

/** The cost that a store adds to a task, relative to the JSON of its events. */
function added(store: string, most: number): Target {
  return {
    title: `W1, what ${store} adds ÷ JSON of the events`,
    section: 'W1',
    unit: '×',
    limit: () => most,
    value: (results, node) => {
      const [withStore, without, json] = [store, NO_JOURNAL, EVENTS_AS_JSON].map((contender) =>
        results.median(node, 'W1', contender),
      ) as [number, number, number];
      return (withStore - without) / json;
    },
  };
}

/** The speed of a store relative to another one. */
function speed(section: string, store: string, other: string, least: number): Target {
  return {
    title: `${section}: speed of ${store} by that of ${other}`,
    section,
    unit: '×',
    atLeast: true,
    limit: () => least,
    value: (results, node) => results.ratio(node, section, other, store),
  };
}
