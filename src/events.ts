/**
 * The facts a pool records. This is the storage format: what is written here is what a journal
 * holds, what subscribers get, and what a state is rebuilt from. Plain JSON data only.
 *
 * A change raises {@link EVENT_VERSION}, and `journal/upcast.ts` says what became of older events.
 */

/** The version every event carries as `v`. */
export const EVENT_VERSION = 3;

/** Which class made the pool. */
export type PoolKind = 'TaskPool' | 'SimpleTaskPool';

/** How a task ended. */
export type Outcome = 'fulfilled' | 'rejected' | 'cancelled';

/** What the pool remembers of ended tasks: a number keeps the most recent ones. */
export type Retain = 'all' | 'errors' | 'none' | number;

/** The method that made a group. */
export type GroupMethod = 'apply' | 'map' | 'starmap' | 'doublestarmap' | 'start';

/** Which events hold the items of a group: `group.supplied`, or the `task.queued` of each. */
export type ItemStorage = 'supplied' | 'queued';

/** A value that survives `JSON.parse(JSON.stringify(value))`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** An error as plain data. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
}

/** The fields of each event besides its envelope, by event type. `null` stands for "no limit". */
export interface EventFields {
  'task.queued': {
    readonly id: number;
    readonly group: string;
    readonly index: number;
    /** What the function is called with, where no other event says it. */
    readonly item?: Json;
  };
  'task.started': { readonly id: number };
  'task.progressed': { readonly id: number; readonly progress: Json };
  'task.cancelling': { readonly id: number; readonly reason?: Json };
  'task.cancelled': { readonly id: number };
  'task.ended': { readonly id: number; readonly outcome: Outcome; readonly error?: ErrorData };
  'task.interrupted': { readonly id: number };
  'group.created': {
    readonly group: string;
    readonly method: GroupMethod;
    readonly functionName: string;
    readonly numConcurrent: number | null;
    readonly planned?: number;
    /** The arguments of every task. */
    readonly args?: readonly Json[];
    readonly items?: ItemStorage;
    /** There if functions get no context. */
    readonly passContext?: false;
  };
  'group.supplied': { readonly group: string; readonly items: readonly Json[] };
  'group.resized': { readonly group: string; readonly numConcurrent: number | null };
  'group.paused': { readonly group: string };
  'group.resumed': { readonly group: string };
  'group.exhausted': { readonly group: string; readonly created: number };
  'group.failed': { readonly group: string; readonly error: ErrorData };
  'group.cancelled': { readonly group: string; readonly reason?: Json };
  'callback.failed': {
    readonly id: number;
    readonly callback: 'end' | 'cancel';
    readonly error: ErrorData;
  };
  'journal.failed': { readonly error: ErrorData };
  'pool.created': {
    readonly kind: PoolKind;
    readonly poolSize: number | null;
    readonly retain: Retain;
  };
  'pool.resized': { readonly poolSize: number | null };
  'pool.locked': Record<never, never>;
  'pool.unlocked': Record<never, never>;
  'pool.flushed': { readonly forgotten: number };
  'pool.recovered': Record<never, never>;
  'pool.closing': Record<never, never>;
  'pool.closed': Record<never, never>;
}

/** The name of an event. */
export type EventType =
  | 'task.queued'
  | 'task.started'
  | 'task.progressed'
  | 'task.cancelling'
  | 'task.cancelled'
  | 'task.ended'
  | 'task.interrupted'
  | 'group.created'
  | 'group.supplied'
  | 'group.resized'
  | 'group.paused'
  | 'group.resumed'
  | 'group.exhausted'
  | 'group.failed'
  | 'group.cancelled'
  | 'callback.failed'
  | 'journal.failed'
  | 'pool.created'
  | 'pool.resized'
  | 'pool.locked'
  | 'pool.unlocked'
  | 'pool.flushed'
  | 'pool.recovered'
  | 'pool.closing'
  | 'pool.closed';

// The names are written out, so that an editor and the compiler show them. Each must have fields.
type Unnamed = Exclude<keyof EventFields, EventType>;
const allNamed: Unnamed extends never ? true : Unnamed = true;
void allNamed;

/** What every event carries: order by `seq`, never by `at`. */
export interface EventEnvelope<T extends EventType = EventType> {
  /** The version of the format, {@link EVENT_VERSION}. */
  readonly v: typeof EVENT_VERSION;
  /** The name of the pool. */
  readonly pool: string;
  /** Dense sequence number from 0. */
  readonly seq: number;
  /** When it was recorded: milliseconds since the epoch. */
  readonly at: number;
  readonly type: T;
}

/** An event of type `T`. */
export type PoolEventOf<T extends EventType> = { [K in T]: EventEnvelope<K> & EventFields[K] }[T];

/** Any event of a pool. */
export type PoolEvent = PoolEventOf<EventType>;
