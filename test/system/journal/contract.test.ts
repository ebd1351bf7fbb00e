/** Every store on the disk keeps the rules that all stores keep, whatever it promises. */

import { describe, test } from 'vitest';
import { eventStoreContract } from 'xstate-taskpool/testing/contracts';
import { isLong } from '../../support/length.ts';
import {
  DURABILITIES,
  type DurableStore,
  kinds,
  newPath,
  replaceFiles,
} from '../../support/stores.ts';

/** The others differ in when they wait for the disk, and in nothing that the rules are about. */
const TRIED = isLong ? DURABILITIES : (['batch', 'event'] as const);

for (const { name, open } of kinds) {
  for (const durability of TRIED) {
    const make = async () => open(await newPath(), { durability });
    const cases = eventStoreContract({
      make,
      reopen: (store) => open((store as DurableStore).path, { durability }),
      breakNext: (store) => replaceFiles(store as DurableStore),
      ...(durability === 'event' ? { makeSync: make } : {}),
    });
    describe(`${name}, ${durability}`, () => {
      for (const each of cases) test(each.name, each.run);
    });
  }
}
