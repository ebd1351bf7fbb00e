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

type TaskEventOf<T extends TaskEventType> = { readonly type: T } & EventFields[T];

/** An event of the task chart: the recorded fields, with or without the envelope. */
export type TaskEvent = { [T in TaskEventType]: TaskEventOf<T> }[TaskEventType];

/** The context of a task's actor: the task, and its data from its events. */
export interface TaskFacts {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  /** The number of the current or last attempt, or of the next one while the task waits for a slot. */
  readonly attempt: number;
  /** The thread or worker that runs, or ran, its current attempt, if its function is remote. */
  readonly placedBy?: string | undefined;
  readonly progress?: Json;
  readonly reason?: Json;
  /** How many failed attempts were retried, or are to be. */
  readonly failures?: number;
  /** The error of the last of them. */
  readonly lastError?: ErrorData;
  /** When it was or will be queued again after that: milliseconds since the epoch. */
  readonly retryAt?: number;
  /** How often the process died while running it. */
  readonly interruptions?: number;
  /** The last time limit that it reached. */
  readonly timedOut?: TimeoutKind;
  readonly outcome?: Outcome;
  readonly error?: ErrorData;
}

/** The output of a task's actor: `await toPromise(task.actor)`. */
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

/** What an assignment is computed from. */
interface Args<T extends TaskEventType> {
  readonly context: TaskFacts;
  readonly event: TaskEventOf<T>;
}

/** Sets the outcome, and the error of a rejected task. */
function withOutcome({ event: { outcome, error } }: Args<'task.ended'>): Partial<TaskFacts> {
  return error === undefined ? { outcome } : { outcome, error };
}

/** A remote function is placed again for the next attempt. */
function nextAttempt({ attempt, placedBy }: TaskFacts): Partial<TaskFacts> {
  return { attempt: attempt + 1, ...(placedBy === undefined ? {} : { placedBy: undefined }) };
}

/** A process died or suspended its pool, and the next one runs the task again. */
function withInterruption({ context, event }: Args<'task.interrupted'>): Partial<TaskFacts> {
  if (event.unstarted === true) return {};
  const next = nextAttempt(context);
  if (event.suspended === true) return next;
  return { ...next, interruptions: (context.interruptions ?? 0) + 1 };
}

/** An attempt has failed and will be retried. */
function withFailure({ context, event }: Args<'task.failed'>): Partial<TaskFacts> {
  const { error: lastError, retryAt } = event;
  return { failures: (context.failures ?? 0) + 1, lastError, retryAt };
}

function withReason({ event: { reason } }: Args<'task.cancelling'>): Partial<TaskFacts> {
  return reason === undefined ? {} : { reason };
}

function withTimeout({ event: { which: timedOut } }: Args<'task.timedOut'>): Partial<TaskFacts> {
  return { timedOut };
}

/** Changes when the task starts, not its state. */
const noted = { actions: chart.assign({}) } as const;

/** The xstate machine of tasks. Its events are those recorded by a pool. */
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
        'task.interrupted': { actions: assign(withInterruption) },
        // A waiting task has no signal to abort: it ends in the same step.
        'task.timedOut': { actions: assign(withTimeout) },
        'task.prioritised': noted,
        // Given up: it may have started in a process that died before recording that.
        'task.ended': { target: 'ended', actions: assign(withOutcome) },
      },
    },
    running: {
      tags: ['running'],
      initial: 'active',
      on: {
        'task.placed': { actions: assign({ placedBy: ({ event }) => event.by }) },
        'task.progressed': { actions: assign({ progress: ({ event }) => event.progress }) },
        'task.cancelled': 'cancelled',
        'task.ended': { target: 'ended', actions: assign(withOutcome) },
        'task.failed': { target: 'delayed', actions: assign(withFailure) },
        'task.interrupted': { target: 'queued', actions: assign(withInterruption) },
        'task.prioritised': noted,
      },
      states: {
        active: {
          on: {
            'task.cancelling': { target: 'cancelling', actions: assign(withReason) },
            'task.timedOut': { target: 'timedOut', actions: assign(withTimeout) },
          },
        },
        // The signal is aborted; the function has not settled and holds its slot.
        cancelling: {
          tags: ['unwinding'],
          // A task that is being cancelled is not run again.
          on: { 'task.failed': {}, 'task.interrupted': {} },
        },
        // The same, but the attempt has failed, whatever the function does now.
        timedOut: {
          tags: ['unwinding'],
          on: {
            'task.cancelling': { target: 'cancelling', actions: assign(withReason) },
            'task.cancelled': {},
            'task.interrupted': {},
          },
        },
      },
    },
    // Failed, to be retried. It holds no slot.
    delayed: {
      tags: ['waiting'],
      on: {
        'task.requeued': {
          target: 'queued',
          actions: assign(({ context }) => nextAttempt(context)),
        },
        'task.cancelled': 'cancelled',
        'task.timedOut': { actions: assign(withTimeout) },
        'task.prioritised': noted,
        'task.ended': { target: 'ended', actions: assign(withOutcome) },
      },
    },
    cancelled: {
      on: { 'task.ended': { target: 'ended', actions: assign(withOutcome) } },
    },
    ended: { type: 'final' },
  },
  output: ({ context }) => {
    const { id, outcome = 'cancelled', error } = context;
    return error === undefined ? { id, outcome } : { id, outcome, error };
  },
});
