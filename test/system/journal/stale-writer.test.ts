/** A writer that is stopped, taken over from, and let go on: a process of its own, by real signals. */

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreLocked } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { JournalWriter } from '../../support/journal-writer.ts';
import { isLong } from '../../support/length.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked } from '../../support/sample-events.ts';
import { type DurableStore, kinds, newPath } from '../../support/stores.ts';

/** How often the journal changes hands. */
const ROUNDS = isLong ? 40 : 3;

const cases = kinds.flatMap((kind) =>
  (['os', 'batch'] as const).map((durability) => ({ kind, durability, name: kind.name })),
);

test.each(cases)('$name, $durability: adds nothing, and knows it', async ({ kind, durability }) => {
  const path = `${await newPath()}${kind.type === 'sqlite' ? '.db' : ''}`;
  const lock = kind.type === 'sqlite' ? `${path}.lock` : join(path, 'lock');
  let next = 0;

  /** As a process in another container, which does not see that the writer runs. */
  async function takeOver(writer: JournalWriter): Promise<DurableStore> {
    while (true) {
      rmSync(lock, { force: true });
      try {
        return await kind.open(path, { durability, segmentBytes: 3000 });
      } catch (error) {
        // It was stopped within a transaction, which nobody can take from it.
        if (kind.type !== 'sqlite' || !(error instanceof StoreLocked)) throw error;
        writer.kill('SIGCONT');
        await writer.says(/stored \d+\n/);
        writer.kill('SIGSTOP');
      }
    }
  }

  for (let round = 0; round < ROUNDS; round++) {
    const writer = JournalWriter.start(kind, path, {
      options: {
        durability,
        maxBatch: 1 + ((round * 7) % 20),
        segmentBytes: 3000,
        // Most of the time it is within none of its transactions.
        ...(kind.type === 'sqlite' && { rest: 10 }),
      },
    });
    for (let time = 0; time <= (round * 5) % 9; time++) await writer.says(/stored \d+\n/);
    writer.kill('SIGSTOP');
    // It is seen to be there, whatever it does.
    expect(await rejectionOf(kind.open(path))).toBeInstanceOf(StoreLocked);

    const successor = await takeOver(writer);
    const takenOver = successor.nextSeq;
    await successor.append(locked(takenOver, 10));
    writer.kill('SIGCONT');
    expect(await writer.exitCode).toBe(1);
    expect(writer.output).toContain('StoreLocked');
    // What it was promised before is there; and it was promised nothing after.
    expect(writer.stored).toBeLessThan(takenOver);
    await successor.append(locked(takenOver + 10, 5));
    next = takenOver + 15;
    expect(await all(successor.read())).toEqual(locked(0, next));
    await successor.close();
  }
  const reader = await kind.open(path, { readonly: true });
  expect(await all(reader.read())).toEqual(locked(0, next));
  const litter = readdirSync(join(path, '..')).filter((name) => name.includes('lock'));
  expect(litter).toEqual([]);
});
