/** Every store on the disk keeps the rules that all stores keep, whatever it promises. */

import { eventStoreContract } from '../../support/event-store-contract.ts';
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
    eventStoreContract(`${name}, ${durability}`, {
      make,
      reopen: (store) => open((store as DurableStore).path, { durability }),
      breakNext: (store) => replaceFiles(store as DurableStore),
      ...(durability === 'event' ? { makeSync: make } : {}),
    });
  }
}
