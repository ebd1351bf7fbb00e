/**
 * Writes a journal, for tests that look at it from another process, or kill this one.
 *
 *     node writer.js KIND PATH OPTIONS LIMIT
 *
 * Says `open SEQ`, and `stored SEQ` for what was promised to be durable; goes on until it has
 * stored so many events, and then waits. Between two batches it rests for `rest` milliseconds, if told.
 */

import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { locked, sampleState } from '../../../support/sample-events.ts';

const [, , kind, path = '', json = '{}', limit = 'Infinity'] = process.argv;
const { pruneEvery = Infinity, maxBatch = 300, rest, segmentBytes, ...options } = JSON.parse(json);
const say = (text: string): void => void writeSync(1, `${text}\n`);

const store =
  kind === 'jsonl'
    ? await JsonlStore.open(path, { ...options, ...(segmentBytes && { segmentBytes }) })
    : await SqliteStore.open(path, options);
say(`open ${store.nextSeq}`);
let pruned = 0;
while (store.nextSeq < Number(limit)) {
  // Batches of many sizes, the same ones each time.
  const size = Math.min(1 + ((store.nextSeq * 7919) % maxBatch), Number(limit) - store.nextSeq);
  if (store.appendSync === undefined) await store.append(locked(store.nextSeq, size));
  else for (let n = 0; n < size; n++) store.appendSync(locked(store.nextSeq, 1));
  say(`stored ${store.nextSeq - 1}`);
  if (rest !== undefined) await sleep(rest);
  if (store.nextSeq - pruned >= pruneEvery) {
    pruned = store.nextSeq;
    await store.checkpoint({
      seq: pruned - 1,
      state: sampleState(pruned - 1),
      prune: { keepLast: 50 },
    });
  }
}
say('done');
process.on('SIGTERM', () => void store.close().then(() => process.exit()));
setInterval(() => {}, 60_000);
