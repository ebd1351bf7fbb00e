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

/** An event of the pool chart. */
export type PoolChartEvent = {
  [T in PoolEventType]: { readonly type: T } & EventFields[T];
}[PoolEventType];

/** How many tasks stand where. */
export interface PoolCounts {
  readonly queued: number;
  /** Those included that are being cancelled, or are out of time. */
  readonly running: number;
  readonly delayed: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
}

/** What the pool's actor knows of its pool. */
export interface PoolFacts {
  readonly name: string;
  readonly kind: PoolKind;
  /** `null`: no limit. */
  readonly poolSize: number | null;
  /** Whether no tasks start. */
  readonly paused: boolean;
  /** The counts of a pool that runs: as they are when they are read, not as of the snapshot. */
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

/** What may happen as long as the pool is not closed. */
const untilClosed = {
  'pool.resized': {
    actions: chart.assign(({ event }) => ('poolSize' in event ? { poolSize: event.poolSize } : {})),
  },
  // A flag and no state: a paused pool is open, locked or closing as well.
  'pool.paused': { actions: chart.assign({ paused: true }) },
  'pool.resumed': { actions: chart.assign({ paused: false }) },
  // Concerns what the pool remembers, not what it is.
  'pool.flushed': { actions: chart.assign({}) },
  // As above: a recovery finds the pool open, locked or closing.
  'pool.suspended': { actions: chart.assign({}) },
  // Another process took over, in the state in which the last one left it.
  'pool.recovered': { actions: chart.assign({}) },
} as const;

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
    // Irreversible: accepted work is finished, nothing new is taken.
    closing: {
      on: { ...untilClosed, 'pool.closed': 'closed' },
    },
    closed: { type: 'final' },
  },
});
