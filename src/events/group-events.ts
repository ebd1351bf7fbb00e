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
  /** A call created a group. */
  'group.created': CallTerms & {
    /** The name of the group. */
    readonly group: string;
    /** The method that was called. */
    readonly method: GroupMethod;
    /** The name of the function, or the one it is registered by. */
    readonly functionName: string;
    /** How many of its tasks may run at once; `null` for no limit. */
    readonly numConcurrent: number | null;
    /** How many tasks there will be, if the source has a length. */
    readonly planned?: number;
    /** The arguments of every task. */
    readonly args?: readonly Json[];
    /** Where the items are stored, if they are. */
    readonly items?: ItemStorage;
    /** The largest result that is stored, in bytes of JSON; `null` for no limit. Absent if results are not stored. */
    readonly keepResults?: number | null;
    /** What happens to the rest of it after its first failure. Absent for `'continue'`. */
    readonly onError?: Exclude<OnError, 'continue'>;
    /** The priority of its tasks, if it is not 0. */
    readonly priority?: number;
    /** By the names of limits: the key of all its tasks, or `null` if a function computes it for each item. */
    readonly limits?: Readonly<Record<string, LimitKey | null>>;
    /** How many items are pulled ahead of those that can start, if the option `lookahead` was given. */
    readonly lookahead?: number;
  };
  /** Further items of a group, stored so that another process can continue with them. */
  'group.supplied': {
    /** The name of the group. */
    readonly group: string;
    /** The items, in their order. */
    readonly items: readonly Json[];
  };
  /** Waiting calls of `submit`, stored so that another process can continue with them, or changes of stored ones. */
  'group.submitted': {
    /** The name of the group. */
    readonly group: string;
    /** The calls, in their order. */
    readonly calls: readonly SubmittedCall[];
  };
  /** Stored calls ended before they became tasks: they were cancelled, replaced or timed out. */
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
  /** It was paused: none of its waiting tasks start. */
  'group.paused': {
    /** The name of the group. */
    readonly group: string;
  };
  /** It was resumed: its waiting tasks start again. */
  'group.resumed': {
    /** The name of the group. */
    readonly group: string;
  };
  /** Its source has no more items, or was stopped. */
  'group.exhausted': {
    /** The name of the group. */
    readonly group: string;
    /** How many tasks were created. */
    readonly created: number;
  };
  /** Its source threw. Tasks that were already created continue. */
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
    /** The reason as JSON, if one was given. */
    readonly reason?: Json;
  };
}
