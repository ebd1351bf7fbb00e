/** The contracts of interfaces that users implement, as test cases: `xstate-taskpool/testing/contracts`. */

export type { ContractCase } from './contract.ts';
export type { StoreKind } from './event-store/kind.ts';
export {
  eventsInARow,
  sampleCheckpoint,
  sampleEvent,
  sampleEvents,
} from './event-store/samples.ts';
export { eventStoreContract } from './event-store.ts';
export type { RemoteKind } from './remote-function/kind.ts';
export { remoteFunctionContract } from './remote-function.ts';
