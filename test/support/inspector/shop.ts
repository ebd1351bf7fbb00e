/** A program with nested and parallel states and child actors, for inspectors to show. */

import { assign, fromPromise, sendTo, setup } from 'xstate';

interface Item {
  readonly name: string;
  readonly price: number;
}

interface Order {
  readonly items: readonly Item[];
  readonly total: number;
  readonly receipt: string | undefined;
}

type OrderEvent =
  | ({ readonly type: 'ADD' } & Item)
  | { readonly type: 'CHECK_OUT' }
  | { readonly type: 'BACK' }
  | { readonly type: 'RETURN' }
  | { readonly type: 'PAY'; readonly card: string }
  | { readonly type: 'PACKED' }
  | { readonly type: 'SENT'; readonly number: string };

const stockMachine = setup({
  types: { context: {} as { reserved: number }, events: {} as { type: 'RESERVE'; count: number } },
}).createMachine({
  id: 'stock',
  initial: 'waiting',
  context: { reserved: 0 },
  states: {
    waiting: {
      on: {
        RESERVE: {
          target: 'reserved',
          actions: assign({ reserved: ({ event }) => event.count }),
        },
      },
    },
    reserved: { on: { RESERVE: { actions: assign({ reserved: ({ event }) => event.count }) } } },
  },
});

/** An order from the basket to the door. */
export const orderMachine = setup({
  types: { context: {} as Order, events: {} as OrderEvent },
  actors: {
    charge: fromPromise<string, number>(async ({ input }) => `paid ${input}`),
    stock: stockMachine,
  },
  actions: { greet: () => {}, log: () => {} },
  guards: { hasItems: ({ context }) => context.items.length > 0 },
}).createMachine({
  id: 'order',
  initial: 'shopping',
  context: { items: [], total: 0, receipt: undefined },
  invoke: { src: 'stock', id: 'stock' },
  states: {
    shopping: {
      entry: 'greet',
      on: {
        ADD: {
          actions: assign({
            items: ({ context, event }) => [
              ...context.items,
              { name: event.name, price: event.price },
            ],
            total: ({ context, event }) => context.total + event.price,
          }),
        },
        CHECK_OUT: {
          target: 'checkout',
          guard: 'hasItems',
          actions: sendTo('stock', ({ context }) => ({
            type: 'RESERVE',
            count: context.items.length,
          })),
        },
        RETURN: 'checkout.last',
      },
    },
    checkout: {
      initial: 'address',
      exit: 'log',
      on: { BACK: 'shopping' },
      states: {
        address: { on: { PAY: 'paying' } },
        paying: {
          invoke: {
            src: 'charge',
            id: 'charge',
            input: ({ context }) => context.total,
            onDone: {
              target: '#order.fulfilment',
              actions: assign({ receipt: ({ event }) => event.output }),
            },
            onError: 'address',
          },
        },
        last: { type: 'history' },
      },
    },
    fulfilment: {
      type: 'parallel',
      onDone: 'delivered',
      states: {
        parcel: {
          initial: 'packing',
          states: { packing: { on: { PACKED: 'packed' } }, packed: { type: 'final' } },
        },
        invoice: {
          initial: 'draft',
          states: {
            draft: { on: { SENT: 'sent' }, after: { 3600000: 'sent' } },
            sent: { type: 'final' },
          },
        },
      },
    },
    delivered: { type: 'final' },
  },
});
