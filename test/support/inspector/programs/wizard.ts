/** States within states, six deep, with transitions across the levels: a wizard, after xstate's hierarchical examples. */

import { setup } from 'xstate';

export const wizardMachine = setup({
  types: {
    events: {} as
      | { type: 'BEGIN' }
      | { type: 'NEXT' }
      | { type: 'BACK' }
      | { type: 'HELP' }
      | { type: 'ABORT' },
  },
}).createMachine({
  id: 'wizard',
  initial: 'closed',
  states: {
    closed: { on: { BEGIN: 'open' } },
    open: {
      initial: 'account',
      on: { ABORT: 'closed' },
      states: {
        account: {
          initial: 'person',
          on: { HELP: '#help' },
          states: {
            person: {
              initial: 'name',
              states: {
                name: {
                  initial: 'first',
                  states: {
                    first: { on: { NEXT: 'last' } },
                    last: {
                      initial: 'typing',
                      on: { NEXT: '#address' },
                      states: {
                        typing: { on: { BACK: '#wizard.open.account.person.name.first' } },
                      },
                    },
                  },
                },
              },
            },
            address: {
              id: 'address',
              initial: 'street',
              states: {
                street: { on: { NEXT: 'town', BACK: '#wizard.open.account.person' } },
                town: { on: { NEXT: '#review' } },
              },
            },
            was: { type: 'history', history: 'deep' },
          },
        },
        help: { id: 'help', on: { BACK: 'account.was' } },
        review: { id: 'review', on: { NEXT: '#finished', BACK: 'account' } },
      },
    },
    finished: { id: 'finished', type: 'final' },
  },
});
