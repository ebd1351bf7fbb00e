/** The pool chart: the states of a pool, with its events as transitions. */

import { setup } from 'xstate';
import type { EventFields, PoolKind } from '../events/events.ts';

type PoolEventType =
  | 'pool.resized'
  | 'pool.locked'
  | 'pool.unlocked'
  | 'pool.paused'
  | 'pool.resumed'
  | 'pool.suspended'
  | 'pool.flushed'
  | 'pool.recovered'
  | 'pool.closing'
  | 'pool.closed';

/** An event of the pool chart: the recorded fields, with or without the envelope. */
export type PoolChartEvent = {
  [T in PoolEventType]: { readonly type: T } & EventFields[T];
}[PoolEventType];

/** How many tasks are in which state. */
export interface PoolCounts {
  readonly queued: number;
  /** Including those that are being cancelled or have timed out. */
  readonly running: number;
  readonly delayed: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
}

/** The context of the pool's actor. */
export interface PoolFacts {
  readonly name: string;
  readonly kind: PoolKind;
  /** `null`: no limit. */
  readonly poolSize: number | null;
  /** Whether no tasks start. */
  readonly paused: boolean;
  /** The current counts of a running pool at the time they are read, not as of the snapshot. */
  readonly counts?: PoolCounts;
}

const chart = setup({
  types: {
    context: {} as PoolFacts,
    input: {} as PoolFacts,
    events: {} as PoolChartEvent,
    tags: {} as 'accepting',
  },
});

/** The transitions that are possible until the pool is closed. */
const untilClosed = {
  'pool.resized': {
    actions: chart.assign(({ event }) => ('poolSize' in event ? { poolSize: event.poolSize } : {})),
  },
  // A flag, not a state: a paused pool is also open, locked or closing.
  'pool.paused': { actions: chart.assign({ paused: true }) },
  'pool.resumed': { actions: chart.assign({ paused: false }) },
  // Changes which tasks the pool remembers, not its state.
  'pool.flushed': { actions: chart.assign({}) },
  // The status stays, so that a recovery finds the pool open, locked or closing.
  'pool.suspended': { actions: chart.assign({}) },
  // Another process continues in the status in which the last one left it.
  'pool.recovered': { actions: chart.assign({}) },
} as const;

/** The xstate machine of pools. Its events are those recorded by a pool. */
export const poolMachine = chart.createMachine({
  id: 'pool',
  context: ({ input }) => input,
  initial: 'open',
  states: {
    open: {
      tags: ['accepting'],
      on: { ...untilClosed, 'pool.locked': 'locked', 'pool.closing': 'closing' },
    },
    locked: {
      on: { ...untilClosed, 'pool.unlocked': 'open', 'pool.closing': 'closing' },
    },
    // Irreversible: accepted work is finished, nothing new is accepted.
    closing: {
      on: { ...untilClosed, 'pool.closed': 'closed' },
    },
    closed: { type: 'final' },
  },
});
