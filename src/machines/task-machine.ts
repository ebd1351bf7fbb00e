/** The task chart: everything that may happen to a task, keyed by the events that say it did. */

import { assign, setup } from 'xstate';
import type { ErrorData, EventFields, Json, Outcome } from '../events.ts';

type TaskEventType =
  | 'task.started'
  | 'task.progressed'
  | 'task.cancelling'
  | 'task.cancelled'
  | 'task.ended'
  | 'task.interrupted';

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

const chart = setup({
  types: {
    context: {} as TaskFacts,
    input: {} as TaskFacts,
    events: {} as TaskEvent,
    output: {} as TaskOutput,
    tags: {} as 'waiting' | 'running' | 'unwinding',
  },
});

/** How it ended, and why if it was rejected. */
const withOutcome = chart.assign(({ event }) => {
  if (event.type !== 'task.ended') return {};
  const { outcome, error } = event;
  return error === undefined ? { outcome } : { outcome, error };
});

/** A process died, and the next one runs the task again. */
const nextAttempt = chart.assign({ attempt: ({ context }) => context.attempt + 1 });

export const taskMachine = chart.createMachine({
  id: 'task',
  context: ({ input }) => input,
  initial: 'queued',
  states: {
    queued: {
      tags: ['waiting'],
      on: {
        'task.started': 'running',
        'task.cancelled': 'cancelled',
        'task.interrupted': { actions: nextAttempt },
        // Given up: it may have run in a process that died before it could say so.
        'task.ended': { target: 'ended', actions: withOutcome },
      },
    },
    running: {
      tags: ['running'],
      initial: 'active',
      on: {
        'task.progressed': { actions: assign({ progress: ({ event }) => event.progress }) },
        'task.cancelled': 'cancelled',
        'task.ended': { target: 'ended', actions: withOutcome },
        'task.interrupted': { target: 'queued', actions: nextAttempt },
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
        cancelling: {
          tags: ['unwinding'],
          // What is being cancelled is not run again.
          on: { 'task.interrupted': {} },
        },
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
