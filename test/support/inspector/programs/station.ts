/** Invoked actors of every kind, after xstate's documentation of promises, callbacks, observables and transitions. */

import {
  assign,
  fromCallback,
  fromObservable,
  fromPromise,
  fromTransition,
  type Observer,
  type Subscribable,
  setup,
} from 'xstate';

/** Numbers one after the other: the part of an observable that xstate needs. */
function numbers(to: number): Subscribable<number> {
  return {
    subscribe(given: Observer<number> | ((value: number) => void)) {
      const observer = typeof given === 'function' ? { next: given } : given;
      for (let n = 1; n <= to; n++) observer.next?.(n);
      if ('complete' in observer) observer.complete?.();
      return { unsubscribe() {} };
    },
  };
}

export const stationMachine = setup({
  types: {
    context: {} as { reading: number; forecast: string | undefined; why: string | undefined },
    events: {} as
      | { type: 'MEASURE' }
      | { type: 'FORECAST' }
      | { type: 'LISTEN' }
      | { type: 'HEARD'; text: string }
      | { type: 'COUNT' }
      | { type: 'FAIL' }
      | { type: 'RESET' },
  },
  actions: { write: () => {} },
  actors: {
    forecast: fromPromise(async () => 'rain by night'),
    broken: fromPromise(async () => {
      throw new Error('the mast is down');
    }),
    radio: fromCallback(({ sendBack, receive }) => {
      receive((event) => sendBack({ type: 'HEARD', text: `answer to ${event.type}` }));
      sendBack({ type: 'HEARD', text: 'ahoy' });
      return () => {};
    }),
    gauge: fromObservable(() => numbers(3)),
    counter: fromTransition((count: number) => count + 1, 0),
  },
}).createMachine({
  id: 'station',
  initial: 'idle',
  context: { reading: 0, forecast: undefined, why: undefined },
  invoke: { src: 'counter', id: 'counter' },
  on: { RESET: '.idle' },
  states: {
    idle: {
      on: { MEASURE: 'measuring', FORECAST: 'forecasting', LISTEN: 'listening', FAIL: 'failing' },
    },
    measuring: {
      invoke: {
        src: 'gauge',
        id: 'gauge',
        onSnapshot: {
          actions: assign({ reading: ({ event }) => Number(event.snapshot.context ?? 0) }),
        },
        onDone: 'idle',
      },
    },
    forecasting: {
      invoke: {
        src: 'forecast',
        id: 'forecast',
        onDone: { target: 'idle', actions: assign({ forecast: ({ event }) => event.output }) },
        onError: 'broken',
      },
    },
    listening: {
      invoke: { src: 'radio', id: 'radio' },
      on: { HEARD: { actions: 'write' } },
    },
    failing: {
      invoke: {
        src: 'broken',
        id: 'mast',
        onDone: 'idle',
        onError: { target: 'broken', actions: assign({ why: ({ event }) => String(event.error) }) },
      },
    },
    broken: { type: 'final' },
  },
});
