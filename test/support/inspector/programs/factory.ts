/** A machine with sixty states, as large as real ones after some years. */

import { createMachine, fromCallback } from 'xstate';

const HALLS = ['press', 'paint', 'dry', 'bolt', 'weld', 'test', 'pack', 'ship'];

interface Config {
  readonly [key: string]: unknown;
}

/** A hall has a line of four steps, a repair, and a place to stop. */
function hall(name: string, next: string): Config {
  return {
    initial: 'loading',
    on: { HALT: '#factory.halted' },
    states: {
      loading: { on: { NEXT: 'working' } },
      working: {
        invoke: { src: `${name}Robot`, onError: 'repair' },
        on: { NEXT: 'checking', JAM: 'repair' },
      },
      checking: { on: { NEXT: 'unloading', REJECT: 'working' } },
      unloading: { after: { 1000: `#factory.${next}` }, on: { NEXT: `#factory.${next}` } },
      repair: { entry: 'callMechanic', on: { FIXED: 'loading', SCRAP: '#factory.scrapped' } },
      was: { type: 'history' },
    },
  };
}

export const factoryMachine = createMachine({
  id: 'factory',
  initial: 'press',
  states: {
    ...Object.fromEntries(
      HALLS.map((name, place) => [name, hall(name, HALLS[place + 1] ?? 'done')]),
    ),
    halted: { on: { RESUME: 'press.was', CLOSE: 'closed' } },
    scrapped: { on: { NEXT: 'press' } },
    done: { on: { NEXT: 'press', CLOSE: 'closed' } },
    closed: { type: 'final' },
  },
}).provide({
  actors: Object.fromEntries(HALLS.map((name) => [`${name}Robot`, fromCallback(() => {})])),
  actions: { callMechanic: () => {} },
});
