/** Parallel states that raise events for each other: a crossing, after xstate's parallel examples. */

import { raise, setup } from 'xstate';

export const crossingMachine = setup({
  types: { events: {} as { type: 'TICK' } | { type: 'PUSH' } | { type: 'ALL_RED' } },
  actions: { blink: () => {} },
}).createMachine({
  id: 'crossing',
  type: 'parallel',
  states: {
    cars: {
      initial: 'green',
      states: {
        green: { on: { TICK: 'yellow' } },
        yellow: { on: { TICK: 'red' } },
        red: { entry: raise({ type: 'ALL_RED' }), on: { TICK: 'green' } },
      },
    },
    people: {
      initial: 'wait',
      states: {
        wait: { on: { ALL_RED: 'walk' } },
        walk: { on: { TICK: 'wait' } },
      },
    },
    button: {
      initial: 'idle',
      states: {
        idle: { on: { PUSH: 'pushed' } },
        pushed: { on: { ALL_RED: 'idle', PUSH: { actions: 'blink' } } },
      },
    },
  },
});
