/** What a method that creates a group passes to the pool. */

import type { Feed } from './feeds/feed.ts';
import type { Group } from './live/live.ts';
import type { GroupOptions } from './options/group-options.ts';
import type { Call } from './persistence/journal.ts';

/** Creates a feed that calls back when an answer is ready. */
type FeedMaker = (group: Group, onReady: () => void) => Feed;

export interface GroupRequest extends Call {
  /** Whether an item is an array of arguments instead of one argument. */
  readonly spreads: boolean;
  /** `null`: as many as the pool has room for. */
  readonly numConcurrent: number | null;
  /** The feed of items, or a function that creates it. */
  readonly feed: Feed | FeedMaker;
  readonly options: GroupOptions;
}
