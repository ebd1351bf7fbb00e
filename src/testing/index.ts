/** Helpers for tests of programs with pools: `xstate-taskpool/testing`. */

export { Gate, Gates } from './gates.ts';
export { type GivenEvent, type GivenOptions, given } from './given.ts';
export { SimulatedClock } from './simulated-clock.ts';
