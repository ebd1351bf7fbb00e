/** What is known of a task when it is made: the keys that it needs, and what the journal says of it. */

import type { QueuedTask } from '../../events/event-columns.ts';
import type { Json, LimitKey } from '../../events/events.ts';
import type { Group, Task } from '../live/live.ts';

type Keys = Readonly<Record<string, LimitKey>>;

/** The keys that the task of an item needs, or why there are none. */
export interface Claim {
  readonly keys: Keys | undefined;
  readonly failure: { readonly error: unknown } | undefined;
}

/** What the limits of a group make of an item. Runs code of the user's. */
export function claimOf(group: Group, item: unknown): Claim {
  try {
    return { keys: group.keysOf(item), failure: undefined };
  } catch (error) {
    return { keys: undefined, failure: { error } };
  }
}

/** The detail of a `task.queued`. */
export function detailOf(task: Task, item: unknown): QueuedTask {
  const { group, notes } = task;
  const { stored } = group;
  const hasItem = stored !== undefined && !stored.hasNext;
  const { priority, keys } = notes;
  // All that there is to say of most tasks; what it is made of is made once for the group.
  if (!hasItem && keys === undefined && priority === undefined) return group.identity;
  const { name } = group;
  if (!hasItem && priority === undefined && keys !== undefined) {
    const [only] = task.keys ?? [];
    return only?.notes?.keys === keys ? only.queuedIn(name, keys) : { name, keys };
  }
  if (!hasItem && keys === undefined && priority !== undefined) return { name, priority };
  // Not by spreading parts, which costs more than all else of a task.
  const detail: { -readonly [Name in keyof QueuedTask]: QueuedTask[Name] } = { name };
  if (hasItem) detail.item = item as Json;
  if (priority !== undefined) detail.priority = priority;
  if (keys !== undefined) detail.keys = keys;
  return detail;
}
