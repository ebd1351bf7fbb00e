/**
 * The events that a pool records, which are also the storage format: journals contain them, subscribers receive them,
 * states are rebuilt from them. Plain JSON data only.
 *
 * Each change of the format raises {@link EVENT_VERSION}; `journal/upcast.ts` converts older events.
 */

import type { GroupEventFields } from './group-events.ts';
import type { PoolEventFields } from './pool-events.ts';
import type { TaskEventFields } from './task-events.ts';

export type {
  ErrorData,
  GroupMethod,
  ItemStorage,
  Jitter,
  Json,
  LimitKey,
  LimitNumbers,
  OnError,
  Outcome,
  PoolKind,
  RateNumbers,
  Retain,
  RetryNumbers,
  SubmittedCall,
  TimeoutKind,
} from './values.ts';

/** The version every event carries as `v`. */
export const EVENT_VERSION = 3;

/** The fields of each event besides its envelope, by event type. `null` stands for "no limit". */
export interface EventFields extends TaskEventFields, GroupEventFields, PoolEventFields {}

/** The name of an event. */
export type EventType =
  | 'task.queued'
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
  | 'task.prioritised'
  | 'group.created'
  | 'group.supplied'
  | 'group.submitted'
  | 'group.withdrawn'
  | 'group.resized'
  | 'group.prioritised'
  | 'group.paused'
  | 'group.resumed'
  | 'group.exhausted'
  | 'group.failed'
  | 'group.cancelled'
  | 'callback.failed'
  | 'journal.failed'
  | 'limit.changed'
  | 'limit.paused'
  | 'pool.created'
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

// The names are written out, so that an editor and the compiler show them. Each must have fields.
type Unnamed = Exclude<keyof EventFields, EventType>;
const allNamed: Unnamed extends never ? true : Unnamed = true;
void allNamed;

/** The fields that every event has. Order events by `seq`, never by `at`. */
export interface EventEnvelope<T extends EventType = EventType> {
  /** The version of the format, {@link EVENT_VERSION}. */
  readonly v: typeof EVENT_VERSION;
  /** The name of the pool. */
  readonly pool: string;
  /** Dense sequence number from 0. */
  readonly seq: number;
  /** When it was recorded: milliseconds since the epoch. */
  readonly at: number;
  /** What happened: one of {@link EventType}. */
  readonly type: T;
}

/** An event of type `T`. */
export type PoolEventOf<T extends EventType> = { [K in T]: EventEnvelope<K> & EventFields[K] }[T];

/** Any event of a pool. */
export type PoolEvent = PoolEventOf<EventType>;

/** What an event is about: the first part of its type. */
export type EventSubject = 'task' | 'group' | 'callback' | 'journal' | 'limit' | 'pool';

// Written out, so that an editor shows them. Each event type must begin with one of them.
type Subjectless = Exclude<EventType, `${EventSubject}.${string}`>;
const allHaveSubjects: Subjectless extends never ? true : Subjectless = true;
void allHaveSubjects;

/** The events about a subject: what a handler of `pool.on('task.*', …)` receives. */
export type PoolEventAbout<S extends EventSubject> = Extract<
  PoolEvent,
  { readonly type: `${S}.${string}` }
>;
