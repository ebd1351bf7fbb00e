/** The contract of remote functions: to a pool they behave like local ones. */

import { Contract, type ContractCase } from './contract.ts';
import { addCancels } from './remote-function/cancels.ts';
import { addContexts } from './remote-function/contexts.ts';
import { addErrors } from './remote-function/errors.ts';
import type { Functions, Parts, RemoteKind } from './remote-function/kind.ts';
import { addPlaces } from './remote-function/places.ts';
import { addValues, addWhatCannotTravel } from './remote-function/values.ts';

/**
 * The contract of remote functions as test cases for any test runner. Threads and clusters fulfil it, and so do local
 * functions.
 *
 * @example
 * ```ts no-run
 * for (const { name, run } of remoteFunctionContract({ work: () => work, way: 'json' })) test(name, run);
 * ```
 */
export function remoteFunctionContract(kind: RemoteKind): readonly ContractCase[] {
  const contract = new Contract();
  const parts: Parts = { ...kind, contract, functions: () => kind.work() as Functions };
  addValues(parts);
  addWhatCannotTravel(parts);
  addErrors(parts);
  addContexts(parts);
  addCancels(parts);
  addPlaces(parts);
  return contract.cases;
}
