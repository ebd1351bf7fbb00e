/** The contract of stores finds those that do not keep it. */

import { describe, expect, test } from 'vitest';
import { type EventStore, MemoryStore, type PoolEvent, type SeqRange } from 'xstate-taskpool';
import { eventStoreContract } from 'xstate-taskpool/testing/contracts';

/** What is wrong with a store. */
const faults: Record<string, () => EventStore> = {
  'loses the last event of a batch': () =>
    new (class extends MemoryStore {
      override append(batch: readonly PoolEvent[]) {
        return super.append(batch.length > 1 ? batch.slice(0, -1) : batch);
      }
    })(),
  'gives events without what is in them': () =>
    new (class extends MemoryStore {
      override async *read(range?: SeqRange) {
        for await (const batch of super.read(range))
          yield batch.map((event) => ({ ...event, at: 0 }));
      }
    })(),
  'never has a checkpoint': () =>
    new (class extends MemoryStore {
      override latestCheckpoint() {
        return super.latestCheckpoint().then(() => undefined);
      }
    })(),
  'cannot be closed': () =>
    new (class extends MemoryStore {
      override async close() {}
    })(),
};

describe('the contract of stores finds one that', () => {
  test.each(Object.entries(faults))('%s', async (_, make) => {
    const quick = eventStoreContract({ make }).filter(({ name }) => !name.startsWith('tail'));
    const outcomes = await Promise.allSettled(quick.map(({ run }) => run()));
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.toEqual([]);
  });
});
