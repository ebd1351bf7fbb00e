/** Spawned actors: a list whose entries are machines, after xstate's todo example. */

import { type ActorRefFrom, assign, sendParent, setup, stopChild } from 'xstate';

const todoMachine = setup({
  types: {
    context: {} as { text: string },
    input: {} as { text: string },
    events: {} as { type: 'TOGGLE' } | { type: 'EDIT' } | { type: 'SAVE'; text: string },
  },
}).createMachine({
  id: 'todo',
  initial: 'open',
  context: ({ input }) => ({ text: input.text }),
  states: {
    open: { on: { TOGGLE: 'done', EDIT: 'editing' } },
    editing: {
      on: { SAVE: { target: 'open', actions: assign({ text: ({ event }) => event.text }) } },
    },
    done: { entry: sendParent({ type: 'TODO_DONE' }), on: { TOGGLE: 'open' } },
  },
});

type Todo = ActorRefFrom<typeof todoMachine>;

export const todosMachine = setup({
  types: {
    context: {} as { todos: readonly Todo[]; numDone: number },
    events: {} as
      | { type: 'ADD'; text: string }
      | { type: 'REMOVE'; id: string }
      | { type: 'TODO_DONE' },
  },
  actors: { todo: todoMachine },
}).createMachine({
  id: 'todos',
  initial: 'showing',
  context: { todos: [], numDone: 0 },
  states: {
    showing: {
      on: {
        ADD: {
          actions: assign({
            todos: ({ context, event, spawn }) => [
              ...context.todos,
              spawn('todo', { id: `todo-${context.todos.length}`, input: { text: event.text } }),
            ],
          }),
        },
        REMOVE: {
          actions: [
            stopChild(({ event }) => event.id),
            assign({
              todos: ({ context, event }) => context.todos.filter(({ id }) => id !== event.id),
            }),
          ],
        },
        TODO_DONE: { actions: assign({ numDone: ({ context }) => context.numDone + 1 }) },
      },
    },
  },
});
