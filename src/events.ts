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
export type GroupMethod = 'apply' | 'map' | 'starmap' | 'doublestarmap' | 'start' | 'submit';

/** The time limits of a task: of one attempt, of the wait for the first one, of all together. */
export type TimeoutKind = 'timeout' | 'waitTimeout' | 'deadline';

/** How the delays before further attempts are spread. */
export type Jitter = 'none' | 'full' | 'equal';

/** When a failed task is run again: the numbers of the option `retry`. */
export type RetryNumbers = {
  /** How many failed attempts are followed by another one; `null` for no limit. */
  readonly limit: number | null;
  /** Milliseconds before the second attempt. */
  readonly delay: number;
  /** What the delay is multiplied by after each further failure. */
  readonly factor: number;
  /** The longest delay in milliseconds; `null` for no limit. */
  readonly maxDelay: number | null;
  readonly jitter: Jitter;
};

/** What the first failure of a group does to the rest of it. */
export type OnError = 'continue' | 'stop' | 'cancel';

/**
 * Which events hold the items of a group: `group.supplied`, the `task.queued` of each, or
 * `group.submitted`.
 */
export type ItemStorage = 'supplied' | 'queued' | 'submitted';

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

/** What a limit counts separately: a value, or `true` where all is one. */
export type LimitKey = string | number | true;

/** How many tasks may start in a time. */
export interface RateNumbers {
  /** How many starts any window of `per` holds at the most. */
  readonly max: number;
  /** Milliseconds. */
  readonly per: number;
  /** There if starts are spaced evenly. */
  readonly spread?: true;
}

/**
 * A call of `submit` that waits and is no task yet, as a journal holds it. One that is stored already is
 * changed: it gets the fields that are there.
 */
export type SubmittedCall = {
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  /** The arguments of the function. Not there where a call is changed. */
  readonly args?: readonly Json[];
  /** The name that the function is registered by, where it is not that of the group. */
  readonly functionName?: string;
  /** Its own priority, where it has one. */
  readonly priority?: number;
  /** By the names of limits: the keys that they count it by. */
  readonly keys?: { readonly [limit: string]: LimitKey };
  /** The key of which there is one submission at a time. */
  readonly unique?: string;
  /** Whether it waits for another submission with that key to end. */
  readonly held?: boolean;
  /** Its place in the order of those that wait, where that is not its index. */
  readonly arrival?: number;
  /** When it was called, where a limit in time runs since then: milliseconds since the epoch. */
  readonly at?: number;
  /** There if the function gets no context. */
  readonly passContext?: false;
  /** Milliseconds for each attempt. */
  readonly timeout?: number;
  /** Milliseconds from the call to the first start. */
  readonly waitTimeout?: number;
  /** Milliseconds from the call to the end. */
  readonly deadline?: number;
  /** When it is run again after it failed. */
  readonly retry?: RetryNumbers;
  /** How often a process may die while it runs; `null` for no limit. */
  readonly maxInterruptions?: number | null;
  /** Options that are functions, which a recovery has to be given again. */
  readonly needs?: readonly string[];
};

/** What a limit allows for each of its keys; `null` stands for "no limit". */
export interface LimitNumbers {
  /** How many tasks may run at once. */
  readonly concurrent: number | null;
  /** How many may start in a time. */
  readonly rate: RateNumbers | null;
}

/** The fields of each event besides its envelope, by event type. `null` stands for "no limit". */
export interface EventFields {
  /** A task was made, and waits for a slot. */
  'task.queued': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of the group. */
    readonly group: string;
    /** The place of the task in its group, from 0. */
    readonly index: number;
    /** What the function is called with, where no other event says it. */
    readonly item?: Json;
    /** Its own priority, where it has one: otherwise that of its group counts. */
    readonly priority?: number;
    /** By the names of limits: the keys that they count it by. */
    readonly keys?: Readonly<Record<string, LimitKey>>;
  };
  /** It got a slot, and its function is called. */
  'task.started': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of its group. Not there in journals of versions 1 and 2. */
    readonly group?: string;
  };
  /** Its function has reported how far it is. */
  'task.progressed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** What was reported, as JSON. */
    readonly progress: Json;
  };
  /** It was cancelled while it ran: its signal is aborted, and its function has not settled yet. */
  'task.cancelling': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** Why, as JSON, where a reason was given. */
    readonly reason?: Json;
  };
  /** A time limit was reached: the signal of a task that runs is aborted, one that waits ends. */
  'task.timedOut': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The option that set the limit. */
    readonly which: TimeoutKind;
  };
  /** An attempt has failed, and the task holds no slot until it is run again. */
  'task.failed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** Which attempt it was, from 1. */
    readonly attempt: number;
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
    /** When it is queued again: milliseconds since the epoch. */
    readonly retryAt: number;
  };
  /** The delay after a failed attempt is over: the task waits for a slot again. */
  'task.requeued': {
    /** Of the task, in its pool. */
    readonly id: number;
  };
  /** Its function gave in to the cancellation, or it never started. */
  'task.cancelled': {
    /** Of the task, in its pool. */
    readonly id: number;
  };
  /** It has ended, and holds no slot any more. */
  'task.ended': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of its group. Not there in journals of versions 1 and 2. */
    readonly group?: string;
    /** How it ended. */
    readonly outcome: Outcome;
    /** Which attempt it was, from 1. Not there in journals of versions 1 and 2. */
    readonly attempt?: number;
    /**
     * Milliseconds, with fractions, from when it was queued, or queued again, to its last start; to its
     * end if it did not start. There where the event has a subscriber or goes to a store.
     */
    readonly waited?: number;
    /** Milliseconds, with fractions, of its last attempt; 0 if it did not start. There with `waited`. */
    readonly ran?: number;
    /** What it returned, where results are kept: nothing for `undefined`. */
    readonly value?: Json;
    /** There if it returned something to be kept that is too large, or that JSON would change. */
    readonly omitted?: true;
    /** What was thrown, as plain data. */
    readonly error?: ErrorData;
  };
  /** The process that ran it has died. It waits to be run again. */
  'task.interrupted': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** There if it cannot have started: there was no slot for it. Such do not count. */
    readonly unstarted?: true;
  };
  /** Its own priority was changed. */
  'task.prioritised': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The higher, the sooner it starts. */
    readonly priority: number;
  };
  /** A call has made a group. */
  'group.created': {
    /** The name of the group. */
    readonly group: string;
    /** The method that was called. */
    readonly method: GroupMethod;
    /** The name of the function, or the one it is registered by. */
    readonly functionName: string;
    /** How many of its tasks may run at once; `null` for no limit. */
    readonly numConcurrent: number | null;
    /** How many tasks there will be, where the source has a length. */
    readonly planned?: number;
    /** The arguments of every task. */
    readonly args?: readonly Json[];
    /** Where the items are stored, if they are. */
    readonly items?: ItemStorage;
    /** There if functions get no context. */
    readonly passContext?: false;
    /** Up to how many bytes as JSON the values of its tasks are kept; `null` for no limit. */
    readonly keepResults?: number | null;
    /** What its first failure does to the rest of it, unless that is nothing. */
    readonly onError?: Exclude<OnError, 'continue'>;
    /** Milliseconds for each attempt of a task. */
    readonly timeout?: number;
    /** Milliseconds from the making of a task to its first start. */
    readonly waitTimeout?: number;
    /** Milliseconds from the making of a task to its end. */
    readonly deadline?: number;
    /** When failed tasks are run again. */
    readonly retry?: RetryNumbers;
    /** How often a process may die while it runs a task, and it is run again; `null` for no limit. */
    readonly maxInterruptions?: number | null;
    /** Options that are functions, which a recovery has to be given again: `isCancellation`. */
    readonly needs?: readonly string[];
    /** The priority of its tasks, if it is not 0. */
    readonly priority?: number;
    /** By the names of limits: the key of all its tasks, or `null` if a function gives that of each. */
    readonly limits?: Readonly<Record<string, LimitKey | null>>;
    /** How many of its items are pulled beyond what can start, if that was said. */
    readonly lookahead?: number;
  };
  /** Further items of a group, stored for another process to go on with. */
  'group.supplied': {
    /** The name of the group. */
    readonly group: string;
    /** The items, in their order. */
    readonly items: readonly Json[];
  };
  /** Calls of `submit` that wait, stored for another process to continue with; or changes of such. */
  'group.submitted': {
    /** The name of the group. */
    readonly group: string;
    /** The calls, in their order. */
    readonly calls: readonly SubmittedCall[];
  };
  /** Stored calls have ended before they were tasks: cancelled, replaced or too late. */
  'group.withdrawn': {
    /** The name of the group. */
    readonly group: string;
    /** Their places in the order of the calls. */
    readonly indices: readonly number[];
  };
  /** The number of its tasks that may run at once was changed. */
  'group.resized': {
    /** The name of the group. */
    readonly group: string;
    /** How many of its tasks may run at once; `null` for no limit. */
    readonly numConcurrent: number | null;
  };
  /** The priority of its tasks was changed. */
  'group.prioritised': {
    /** The name of the group. */
    readonly group: string;
    /** The higher, the sooner they start. */
    readonly priority: number;
  };
  /** No more tasks of it start. */
  'group.paused': {
    /** The name of the group. */
    readonly group: string;
  };
  /** Tasks of it start again. */
  'group.resumed': {
    /** The name of the group. */
    readonly group: string;
  };
  /** Its source has no more items, or no more are wanted. */
  'group.exhausted': {
    /** The name of the group. */
    readonly group: string;
    /** How many tasks were made of it. */
    readonly created: number;
  };
  /** Its source threw. What was made of it goes on. */
  'group.failed': {
    /** The name of the group. */
    readonly group: string;
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** It was cancelled; its name is free again. */
  'group.cancelled': {
    /** The name of the group. */
    readonly group: string;
    /** Why, as JSON, where a reason was given. */
    readonly reason?: Json;
  };
  /** A callback threw. That is never the error of the task. */
  'callback.failed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** Which one it was. */
    readonly callback: 'end' | 'cancel';
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** The journal takes no more events; no more tasks start. */
  'journal.failed': {
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** What a limit allows was changed. */
  'limit.changed': {
    /** The name of the limit. */
    readonly limit: string;
    /** How many tasks with a key may run at once; `null` for no limit. */
    readonly concurrent: number | null;
    /** How many may start in a time; `null` for no limit. */
    readonly rate: RateNumbers | null;
  };
  /** Tasks with a key are held back for a time. */
  'limit.paused': {
    /** The name of the limit. */
    readonly limit: string;
    /** The key. */
    readonly key: LimitKey;
    /** Until when: milliseconds since the epoch. */
    readonly until: number;
  };
  /** The first event of every pool. To subscribe to it, use `{ replay: true }`. */
  'pool.created': {
    /** The class of the pool. */
    readonly kind: PoolKind;
    /** How many tasks may run at once; `null` for no limit. */
    readonly poolSize: number | null;
    /** What the pool remembers of ended tasks. */
    readonly retain: Retain;
    /** What its limits allow, by their names. */
    readonly limits?: Readonly<Record<string, LimitNumbers>>;
  };
  /** How many tasks may run at once was changed. */
  'pool.resized': {
    /** How many tasks may run at once; `null` for no limit. */
    readonly poolSize: number | null;
    /** Why, where that was said. */
    readonly reason?: string;
  };
  /** New calls are refused. */
  'pool.locked': Record<never, never>;
  /** New calls are taken again. */
  'pool.unlocked': Record<never, never>;
  /** No more tasks start. New calls are taken as before. */
  'pool.paused': Record<never, never>;
  /** Tasks start again. */
  'pool.resumed': Record<never, never>;
  /** Tasks that had ended were forgotten. */
  'pool.flushed': {
    /** How many. */
    readonly forgotten: number;
  };
  /** Another process goes on with the work. To subscribe to it, use `{ replay: true }`. */
  'pool.recovered': Record<never, never>;
  /** No more work is taken; the pool closes once what it has is finished. */
  'pool.closing': Record<never, never>;
  /** All has ended. The last event of a pool. */
  'pool.closed': Record<never, never>;
}

/** The name of an event. */
export type EventType =
  | 'task.queued'
  | 'task.started'
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

/** What events are about: what their names begin with. */
export type EventSubject = 'task' | 'group' | 'callback' | 'journal' | 'limit' | 'pool';

// Written out, so that an editor shows them. Each event must be about one.
type Subjectless = Exclude<EventType, `${EventSubject}.${string}`>;
const allHaveSubjects: Subjectless extends never ? true : Subjectless = true;
void allHaveSubjects;

/** The events about a subject: what `pool.on('task.*', …)` gets. */
export type PoolEventAbout<S extends EventSubject> = Extract<
  PoolEvent,
  { readonly type: `${S}.${string}` }
>;
