/** The contract of the interface `EventStore`. */

import { Contract, type ContractCase } from './contract.ts';
import { addAppending, addRanges, addRefusals } from './event-store/appending.ts';
import { addCheckpoints } from './event-store/checkpoints.ts';
import { addClosing, addReopening } from './event-store/closing.ts';
import type { StoreKind } from './event-store/kind.ts';
import { addBounded, addSync } from './event-store/kinds-of-stores.ts';
import { addPruning } from './event-store/pruning.ts';
import { addTails } from './event-store/tails.ts';

/**
 * The contract of stores as test cases for any test runner. All stores of this package fulfil it. Each case opens its
 * own stores and closes them.
 *
 * @example
 * ```ts no-run
 * for (const { name, run } of eventStoreContract({ make: () => new MyStore() })) test(name, run);
 * ```
 */
export function eventStoreContract(kind: StoreKind): readonly ContractCase[] {
  const contract = new Contract();
  const parts = { ...kind, contract };
  addAppending(parts);
  addRefusals(parts);
  addRanges(parts);
  addTails(parts);
  addCheckpoints(parts);
  addPruning(parts);
  addClosing(parts);
  addReopening(parts);
  addBounded(parts);
  addSync(parts);
  return contract.cases;
}
