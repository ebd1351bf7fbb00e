/** What the page says before a command that ends something: that, in numbers. */

import { describe, expect, test } from 'vitest';
import { TaskPool } from '../../../src/index.ts';
import { Fold, PLAIN_RECORDS } from '../../../src/journal/fold.ts';
import type { PoolState } from '../../../src/machines/pool-state.ts';
import { consequenceOf } from '../../../src/page/dashboard/data/consequences.ts';
import { plain } from '../../../src/page/ui/format.ts';

/** Two tasks of `a b` run, one of three of `c`; the others wait. */
async function present() {
  const pool = new TaskPool({ poolSize: 3, logger: { info() {}, error() {} } });
  const forever = () => new Promise<never>(() => {});
  pool.map(forever, [1, 2], { groupName: 'a b', numConcurrent: 2 });
  pool.map(forever, [1, 2, 3], { groupName: 'c', numConcurrent: 3 });
  await Promise.resolve();
  const fold = new Fold(PLAIN_RECORDS, undefined);
  for (const event of pool.journal) fold.apply(event);
  return { state: fold.state as PoolState, numPending: pool.numPending };
}

describe('what a command ends', () => {
  test.each([
    ['cancel-all', '3 running tasks are aborted, and 2 pending ones are dropped.'],
    ['  CANCEL-ALL ', '3 running tasks are aborted, and 2 pending ones are dropped.'],
    ['"cancel-all"', '3 running tasks are aborted, and 2 pending ones are dropped.'],
    [`cancel-group 'a b'`, '2 running tasks are aborted, and 0 pending ones are dropped.'],
    ['cancel-group c', '1 running task is aborted, and 2 pending ones are dropped.'],
    ['cancel-group no-such', 'What it ends cannot be begun again.'],
    ['cancel-queued c', 'What has not started is cancelled, and 1 running task goes on.'],
    ['cancel-queued', 'What has not started is cancelled, and 3 running tasks go on.'],
    ['cancel 1', '1 task is cancelled: what waits never starts, and what runs is aborted.'],
    ['flush --return-exceptions', 'What came of 0 ended tasks is forgotten.'],
    [
      'gather-and-close',
      'It takes no more work, finishes 3 running tasks and 2 pending ones, and is then closed for good.',
    ],
  ])('%s', async (line, text) => {
    expect(consequenceOf(line, await present())).toBe(text);
  });

  test('is nothing with other commands, and when help is asked for', async () => {
    const now = await present();
    for (const line of [
      'status',
      'pause',
      'cancel',
      'stop',
      'cancel-all -h',
      'cancel --help',
      '',
      'constructor',
    ]) {
      expect(consequenceOf(line, now)).toBeUndefined();
    }
  });
});

test('names are shown with what nobody would see written out', () => {
  expect(plain('gpj.\u202eexe')).toBe('gpj.\\u202eexe');
  expect(plain('plain <b>')).toBe('plain <b>');
});
