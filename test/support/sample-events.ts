/** Events for journals without a pool: those of the contract of stores. */

export {
  eventsInARow as locked,
  sampleCheckpoint as sampleState,
  sampleEvent as event,
  sampleEvents as samples,
} from 'xstate-taskpool/testing/contracts';
