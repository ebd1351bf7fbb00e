/**
 * Opens a journal, writes it, stores a checkpoint and closes it, several times in one process.
 *
 *     node lives.js KIND PATH OPTIONS LIVES
 *
 * Says `life N`, `stored SEQ` for what was promised, `checkpoint SEQ`, and `error CODE MESSAGE` for what failed;
 * `end` at last.
 */

import { writeSync } from 'node:fs';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { locked, sampleState } from '../../../support/sample-events.ts';

const [, , kind, path = '', json = '{}', lives = '1'] = process.argv;
const options = JSON.parse(json);
const say = (text: string): void => void writeSync(1, `${text}\n`);
const complain = (error: unknown): void => {
  const { code, message } = error as NodeJS.ErrnoException;
  say(`error ${code} ${message}`);
};
process.on('unhandledRejection', (error) => say(`unhandled ${error}`));

const open = () =>
  kind === 'jsonl' ? JsonlStore.open(path, options) : SqliteStore.open(path, options);

async function write(store: Awaited<ReturnType<typeof open>>): Promise<void> {
  for (let round = 0; round < 4; round++) {
    const batch = locked(store.nextSeq, 5);
    if (store.appendSync === undefined) await store.append(batch);
    else store.appendSync(batch);
    const seq = store.nextSeq - 1;
    say(`stored ${seq}`);
    if (round !== 1) continue;
    await store.checkpoint({ seq, state: sampleState(seq), prune: { keepLast: 7 } });
    say(`checkpoint ${seq}`);
  }
}

for (let life = 0; life < Number(lives); life++) {
  say(`life ${life}`);
  try {
    const store = await open();
    await write(store).catch(complain);
    await store.close();
  } catch (error) {
    complain(error);
  }
}
say('end');
