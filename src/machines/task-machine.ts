/** The task chart: everything that may happen to a task, keyed by the events that say it did. */

import { assign, setup } from 'xstate';
import type { ErrorData, EventFields, Json, Outcome } from '../events.ts';

type TaskEventType =
  | 'task.started'
  | 'task.progressed'
  | 'task.cancelling'
  | 'task.cancelled'
  | 'task.ended';

/** An event of the task chart: the recorded fields; the envelope may be there or not. */
export type TaskEvent = {
  [T in TaskEventType]: { readonly type: T } & EventFields[T];
}[TaskEventType];

/** Who the task is, and what has been said of it so far. */
export interface TaskFacts {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  readonly attempt: number;
  readonly progress?: Json;
  readonly reason?: Json;
  readonly outcome?: Outcome;
  readonly error?: ErrorData;
}

/** What a task's actor is done with: `await toPromise(task.actor)`. */
export interface TaskOutput {
  readonly id: number;
  readonly outcome: Outcome;
  readonly error?: ErrorData;
}

export const taskMachine = setup({
  types: {
    context: {} as TaskFacts,
    input: {} as TaskFacts,
    events: {} as TaskEvent,
    output: {} as TaskOutput,
    tags: {} as 'waiting' | 'running' | 'unwinding',
  },
}).createMachine({
  id: 'task',
  context: ({ input }) => input,
  initial: 'queued',
  states: {
    queued: {
      tags: ['waiting'],
      on: {
        'task.started': 'running',
        'task.cancelled': 'cancelled',
      },
    },
    running: {
      tags: ['running'],
      initial: 'active',
      on: {
        'task.progressed': { actions: assign({ progress: ({ event }) => event.progress }) },
        'task.cancelled': 'cancelled',
        'task.ended': {
          target: 'ended',
          actions: assign(({ event }) =>
            event.error === undefined
              ? { outcome: event.outcome }
              : { outcome: event.outcome, error: event.error },
          ),
        },
      },
      states: {
        active: {
          on: {
            'task.cancelling': {
              target: 'cancelling',
              actions: assign(({ event }) =>
                event.reason === undefined ? {} : { reason: event.reason },
              ),
            },
          },
        },
        // The signal is aborted; the function unwinds and still holds its slot.
        cancelling: { tags: ['unwinding'] },
      },
    },
    cancelled: {
      on: {
        'task.ended': {
          target: 'ended',
          actions: assign({ outcome: ({ event }) => event.outcome }),
        },
      },
    },
    ended: { type: 'final' },
  },
  output: ({ context }) => {
    const { id, outcome = 'cancelled', error } = context;
    return error === undefined ? { id, outcome } : { id, outcome, error };
  },
});
