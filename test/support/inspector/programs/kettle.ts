/** Delays, of fixed and of computed length, and events that are raised later: after xstate's delayed examples. */

import { assign, raise, setup } from 'xstate';

export const kettleMachine = setup({
  types: {
    context: {} as { litres: number; beeps: number },
    events: {} as { type: 'FILL'; litres: number } | { type: 'SWITCH' } | { type: 'BEEP' },
  },
  delays: { boiling: ({ context }) => context.litres * 10 },
  guards: { isEmpty: ({ context }) => context.litres === 0 },
}).createMachine({
  id: 'kettle',
  initial: 'off',
  context: { litres: 0, beeps: 0 },
  states: {
    off: {
      on: {
        FILL: { actions: assign({ litres: ({ event }) => event.litres }) },
        SWITCH: [{ guard: 'isEmpty', target: 'refusing' }, { target: 'heating' }],
      },
    },
    refusing: { after: { 5: 'off' } },
    heating: {
      on: { SWITCH: 'off' },
      after: { boiling: 'boiled' },
    },
    boiled: {
      entry: raise({ type: 'BEEP' }, { delay: 5 }),
      on: {
        BEEP: {
          target: 'boiled',
          reenter: true,
          actions: assign({ beeps: ({ context }) => context.beeps + 1 }),
          guard: ({ context }) => context.beeps < 3,
        },
      },
      always: { guard: ({ context }) => context.beeps >= 3, target: 'off' },
    },
  },
});
