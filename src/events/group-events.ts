/** The events of groups, and the fields of each besides its envelope. `null` stands for "no limit". */

import type {
  CallTerms,
  ErrorData,
  GroupMethod,
  ItemStorage,
  Json,
  LimitKey,
  OnError,
  SubmittedCall,
} from './values.ts';

export interface GroupEventFields {
  /** A call has made a group. */
  'group.created': CallTerms & {
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
    /** Up to how many bytes as JSON the values of its tasks are kept; `null` for no limit. */
    readonly keepResults?: number | null;
    /** What its first failure does to the rest of it, unless that is nothing. */
    readonly onError?: Exclude<OnError, 'continue'>;
    /** The priority of its tasks, if it is not 0. */
    readonly priority?: number;
    /** By the names of limits: the key of all its tasks, or `null` if a function gives that of each. */
    readonly limits?: Readonly<Record<string, LimitKey | null>>;
    /** How many of its items are pulled beyond what can start, if that was said. */
    readonly lookahead?: number;
  };
  /** Further items of a group, stored for another process to continue with. */
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
  /** Its source threw. What was made of it continues. */
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
}
