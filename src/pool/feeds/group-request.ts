/** What a method that makes a group asks of the pool. */

import type { GroupMethod } from '../../events.ts';
import type { Group } from '../engine/live.ts';
import type { GroupOptions } from '../options.ts';
import type { AnyFunction, Items } from '../task-types.ts';
import type { Feed } from './feed.ts';

/** Makes a feed that calls back when an answer is ready. */
export type FeedMaker = (group: Group, onReady: () => void) => Feed;

export interface GroupRequest {
  readonly method: GroupMethod;
  readonly fn: AnyFunction;
  /** Whether an item is an array of arguments, and not one. */
  readonly spreads: boolean;
  /** `null`: as many as the pool has room for. */
  readonly numConcurrent: number | null;
  readonly planned: number | undefined;
  /** The source, or how to make one. */
  readonly feed: Feed | FeedMaker;
  /** The arguments of every task, or the items, as the caller gave them. */
  readonly given: readonly unknown[] | Items<unknown>;
  readonly options: GroupOptions;
}
