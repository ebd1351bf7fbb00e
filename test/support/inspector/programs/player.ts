/** Shallow and deep history: a player that finds its place again, after xstate's history examples. */

import { assign, setup } from 'xstate';

export const playerMachine = setup({
  types: {
    context: {} as { volume: number; track: string | null },
    events: {} as
      | { type: 'PLAY'; track: string }
      | { type: 'FASTER' }
      | { type: 'SLOWER' }
      | { type: 'LOUDER' }
      | { type: 'PAUSE' }
      | { type: 'RESUME' }
      | { type: 'OFF' }
      | { type: 'ON' }
      | { type: 'ON_AGAIN' },
  },
  actions: { warn: () => {} },
  guards: { isLoud: ({ context }) => context.volume >= 10 },
}).createMachine({
  id: 'player',
  initial: 'on',
  context: { volume: 3, track: null },
  states: {
    on: {
      initial: 'stopped',
      on: {
        OFF: 'off',
        LOUDER: [
          { guard: 'isLoud', actions: 'warn' },
          { actions: assign({ volume: ({ context }) => context.volume + 1 }) },
        ],
      },
      states: {
        stopped: {
          on: {
            PLAY: { target: 'playing', actions: assign({ track: ({ event }) => event.track }) },
          },
        },
        playing: {
          initial: 'normal',
          on: { PAUSE: 'paused' },
          states: {
            normal: { on: { FASTER: 'double' } },
            double: { on: { SLOWER: 'normal', FASTER: 'quadruple' } },
            quadruple: { on: { SLOWER: 'double' } },
            place: { type: 'history' },
          },
        },
        paused: { on: { RESUME: 'playing.place' } },
        all: { type: 'history', history: 'deep' },
        last: { type: 'history', history: 'shallow', target: 'stopped' },
      },
    },
    off: { on: { ON: 'on.all', ON_AGAIN: 'on.last' } },
  },
});
