/** The task chart: the states of a task, with its events as transitions. */

import { assign, setup } from 'xstate';
import type { ErrorData, EventFields, Json, Outcome, TimeoutKind } from '../events/events.ts';

type TaskEventType =
  | 'task.started'
  | 'task.placed'
  | 'task.progressed'
  | 'task.cancelling'
  | 'task.timedOut'
  | 'task.failed'
  | 'task.requeued'
  | 'task.cancelled'
  | 'task.ended'
  | 'task.interrupted'
  | 'task.prioritised';

/** An event of the task chart: the recorded fields; the envelope may be there or not. */
export type TaskEvent = {
  [T in TaskEventType]: { readonly type: T } & EventFields[T];
}[TaskEventType];

/** Who the task is, and what has been said of it so far. */
export interface TaskFacts {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  /** Which attempt it is, or was the last, or is to be the next of one that waits for a slot. */
  readonly attempt: number;
  /** Where the present attempt was begun, or the last one, if that is not here. */
  readonly placedBy?: string | undefined;
  readonly progress?: Json;
  readonly reason?: Json;
  /** How many failed attempts were to be followed by another one. */
  readonly failures?: number;
  /** What the last of them threw. */
  readonly lastError?: ErrorData;
  /** When it was to be queued again after that. */
  readonly retryAt?: number;
  /** How often the process died while it ran. */
  readonly interruptions?: number;
  /** The time limit that it reached last. */
  readonly timedOut?: TimeoutKind;
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

/** The next attempt is placed anew. */
function nextAttempt({ attempt, placedBy }: TaskFacts): Partial<TaskFacts> {
  return { attempt: attempt + 1, ...(placedBy === undefined ? {} : { placedBy: undefined }) };
}

/** A process died or was suspended, and the next one runs the task again. */
const withInterruption = chart.assign(({ context, event }) => {
  if (event.type !== 'task.interrupted' || event.unstarted === true) return {};
  const next = nextAttempt(context);
  if (event.suspended === true) return next;
  return { ...next, interruptions: (context.interruptions ?? 0) + 1 };
});

/** An attempt has failed, and there will be another. */
const withFailure = chart.assign(({ context, event }) => {
  if (event.type !== 'task.failed') return {};
  const { error: lastError, retryAt } = event;
  return { failures: (context.failures ?? 0) + 1, lastError, retryAt };
});

const withReason = chart.assign(({ event }) => {
  if (event.type !== 'task.cancelling' || event.reason === undefined) return {};
  return { reason: event.reason };
});

const withTimeout = chart.assign(({ event }) =>
  event.type === 'task.timedOut' ? { timedOut: event.which } : {},
);

/** What waits has no signal to abort: it ends in the same step. */
const timedOutWaiting = { actions: withTimeout };

/** Concerns when it starts, not what it is. */
const noted = { actions: chart.assign({}) } as const;

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
        'task.interrupted': { actions: withInterruption },
        'task.timedOut': timedOutWaiting,
        'task.prioritised': noted,
        // Given up: it may have run in a process that died before it could say so.
        'task.ended': { target: 'ended', actions: withOutcome },
      },
    },
    running: {
      tags: ['running'],
      initial: 'active',
      on: {
        'task.placed': { actions: assign({ placedBy: ({ event }) => event.by }) },
        'task.progressed': { actions: assign({ progress: ({ event }) => event.progress }) },
        'task.cancelled': 'cancelled',
        'task.ended': { target: 'ended', actions: withOutcome },
        'task.failed': { target: 'delayed', actions: withFailure },
        'task.interrupted': { target: 'queued', actions: withInterruption },
        'task.prioritised': noted,
      },
      states: {
        active: {
          on: {
            'task.cancelling': { target: 'cancelling', actions: withReason },
            'task.timedOut': { target: 'timedOut', actions: withTimeout },
          },
        },
        // The signal is aborted; the function unwinds and still holds its slot.
        cancelling: {
          tags: ['unwinding'],
          // What is being cancelled is not run again.
          on: { 'task.failed': {}, 'task.interrupted': {} },
        },
        // The same, but whatever the function does now, the attempt has failed.
        timedOut: {
          tags: ['unwinding'],
          on: {
            'task.cancelling': { target: 'cancelling', actions: withReason },
            'task.cancelled': {},
            'task.interrupted': {},
          },
        },
      },
    },
    // Failed, and to be run again. It holds no slot.
    delayed: {
      tags: ['waiting'],
      on: {
        'task.requeued': {
          target: 'queued',
          actions: assign(({ context }) => nextAttempt(context)),
        },
        'task.cancelled': 'cancelled',
        'task.timedOut': timedOutWaiting,
        'task.prioritised': noted,
        'task.ended': { target: 'ended', actions: withOutcome },
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
