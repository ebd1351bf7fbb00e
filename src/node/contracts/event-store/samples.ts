/** Sample events and checkpoints, not written by a pool. */

import {
  EVENT_VERSION,
  type EventFields,
  type EventType,
  type PoolCheckpoint,
  type PoolEvent,
  type PoolEventOf,
} from '../../../index.ts';

/** An event of a pool named `sample`, a millisecond after the previous one: event 0 is at 1000. */
export function sampleEvent<T extends EventType>(
  seq: number,
  type: T,
  fields: EventFields[T],
): PoolEventOf<T> {
  const envelope = { v: EVENT_VERSION, pool: 'sample', seq, at: 1000 + seq, type };
  return { ...envelope, ...fields } as PoolEventOf<T>;
}

/**
 * Consecutive events of the same type, from a number on. Stores do not check whether a pool could have written them.
 */
export function eventsInARow(from: number, count: number): PoolEvent[] {
  return Array.from({ length: count }, (_, n) => sampleEvent(from + n, 'pool.locked', {}));
}

const error = { name: 'TypeError', message: 'bad', code: 'E_BAD' };
const fields: readonly { [T in EventType]: [type: T, fields: EventFields[T]] }[EventType][] = [
  ['pool.created', { kind: 'TaskPool', poolSize: 2, retain: 'all', uid: 'AbCdEfGhIjKlMnOpQrStUv' }],
  ['group.created', { group: 'a', method: 'map', functionName: 'f', numConcurrent: 2, planned: 3 }],
  ['task.queued', { id: 0, group: 'a', index: 0 }],
  ['task.started', { id: 0 }],
  ['task.placed', { id: 0, by: 'thread-3' }],
  ['task.progressed', { id: 0, progress: { steps: [1, null, 'two', { three: true }] } }],
  ['task.progressed', { id: 0, progress: null }],
  ['task.queued', { id: 1, group: 'a', index: 1 }],
  ['task.started', { id: 1 }],
  ['task.cancelling', { id: 0, reason: { why: 'none' } }],
  ['task.cancelling', { id: 1 }],
  ['task.cancelled', { id: 0 }],
  ['task.ended', { id: 0, group: 'a', outcome: 'cancelled', attempt: 1, waited: 0.25, ran: 12 }],
  ['callback.failed', { id: 0, callback: 'end', error: { name: 'Error', message: '' } }],
  ['task.ended', { id: 1, outcome: 'rejected', error }],
  ['group.resized', { group: 'a', numConcurrent: null }],
  ['group.paused', { group: 'a' }],
  ['group.resumed', { group: 'a' }],
  ['task.queued', { id: 2, group: 'a', index: 2 }],
  ['task.started', { id: 2 }],
  ['task.ended', { id: 2, outcome: 'fulfilled' }],
  ['group.exhausted', { group: 'a', created: 3 }],
  ['pool.resized', { poolSize: null }],
  ['pool.resized', { poolSize: 4, reason: 'fewer failures' }],
  ['pool.locked', {}],
  ['pool.paused', {}],
  ['pool.resumed', {}],
  ['pool.flushed', { forgotten: 3 }],
  ['pool.unlocked', {}],
  ['group.created', { group: 'b', method: 'apply', functionName: 'g', numConcurrent: null }],
  ['group.failed', { group: 'b', error }],
  ['group.created', { group: 'c', method: 'start', functionName: 'h', numConcurrent: null }],
  ['group.cancelled', { group: 'c', reason: 'over' }],
  ['group.created', { group: 'd', method: 'starmap', functionName: 'i', numConcurrent: 1 }],
  ['group.cancelled', { group: 'd' }],
  [
    'group.created',
    {
      group: 'e',
      method: 'map',
      functionName: 'j',
      numConcurrent: 3,
      planned: 2,
      items: 'supplied',
      passContext: false,
    },
  ],
  ['group.supplied', { group: 'e', items: [{ deep: [1] }, null] }],
  ['task.queued', { id: 3, group: 'e', index: 0 }],
  ['task.started', { id: 3 }],
  ['task.queued', { id: 4, group: 'e', index: 1 }],
  [
    'group.created',
    { group: 'f', method: 'starmap', functionName: 'k', numConcurrent: 1, items: 'queued' },
  ],
  ['task.queued', { id: 5, group: 'f', index: 0, item: ['a', { b: null }] }],
  [
    'group.created',
    { group: 'g', method: 'apply', functionName: 'l', numConcurrent: null, args: [1, 'two'] },
  ],
  ['task.timedOut', { id: 3, which: 'timeout' }],
  [
    'task.failed',
    { id: 3, group: 'e', attempt: 1, error, retryAt: 2000.5, waited: 0.5, ran: 1.25 },
  ],
  ['task.requeued', { id: 3 }],
  [
    'group.created',
    {
      group: 'h',
      method: 'apply',
      functionName: 'm',
      numConcurrent: null,
      timeout: 1000,
      waitTimeout: 20_000,
      deadline: 30_000,
      retry: { limit: null, delay: 0.5, factor: 1.5, maxDelay: null, jitter: 'full' },
      maxInterruptions: 3,
    },
  ],
  ['task.started', { id: 3 }],
  ['task.prioritised', { id: 5, priority: -1.5 }],
  ['group.prioritised', { group: 'f', priority: 2 }],
  ['pool.suspended', {}],
  ['pool.recovered', {}],
  ['task.interrupted', { id: 3 }],
  ['task.interrupted', { id: 4 }],
  ['task.interrupted', { id: 4, unstarted: true }],
  ['task.interrupted', { id: 4, suspended: true }],
  ['task.ended', { id: 5, outcome: 'rejected', error }],
  [
    'group.created',
    { group: 's', method: 'submit', functionName: 'n', numConcurrent: null, items: 'submitted' },
  ],
  [
    'group.submitted',
    {
      group: 's',
      calls: [
        { index: 0, args: [1], priority: 1.5, unique: 'key', keys: { host: 'a', all: true } },
        { index: 1, args: [{ deep: null }], timeout: 5, deadline: 9, at: 1000, passContext: false },
        { index: 2, args: [], unique: 'key', held: true, functionName: 'o', needs: ['retry.when'] },
      ],
    },
  ],
  ['group.submitted', { group: 's', calls: [{ index: 2, held: false, arrival: 2.5 }] }],
  ['group.withdrawn', { group: 's', indices: [0, 2] }],
  ['task.queued', { id: 6, group: 's', index: 1 }],
  ['limit.changed', { limit: 'host', concurrent: 2, rate: { max: 3, per: 0.5, spread: true } }],
  ['limit.changed', { limit: 'host', concurrent: null, rate: null }],
  ['limit.paused', { limit: 'host', key: 'a', until: 2000.5 }],
  ['journal.failed', { error }],
  ['pool.closing', {}],
  ['pool.closed', {}],
];

/** The life of a pool with every type of event. */
export const sampleEvents: readonly PoolEvent[] = fields.map(([type, rest], seq) =>
  sampleEvent(seq, type, rest),
);

/** A checkpoint of the pool `sample`; stores keep it unchanged. */
export const sampleCheckpoint = (seq: number): PoolCheckpoint => ({
  v: EVENT_VERSION,
  seq,
  name: 'sample',
  kind: 'TaskPool',
  status: 'locked',
  poolSize: null,
  retain: 10,
  totals: { created: 1, started: 1, fulfilled: 0, rejected: 1, cancelled: 0 },
  groupsCreated: 1,
  groups: [
    {
      ordinal: 0,
      fields: {
        group: 'ä "quoted" \u2028 name',
        method: 'map',
        functionName: 'f',
        numConcurrent: 1,
      },
      source: 'exhausted',
      paused: false,
      created: 1,
      ended: 1,
    },
  ],
  tasks: [
    {
      id: 0,
      group: 0,
      index: 0,
      attempt: 1,
      state: 'ended',
      startedAt: 1000.5,
      outcome: 'rejected',
      progress: [null, { 'a.b': [] }],
      error,
    },
  ],
  running: [],
  ended: [0],
});
