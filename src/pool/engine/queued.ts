/** The fields of `task.queued`. */

import type { QueuedTask } from '../../events/event-columns.ts';
import type { Json, LimitKey } from '../../events/events.ts';
import type { Task } from '../live/live.ts';

/** The keys that a task needs, by the names of limits. */
export type Keys = Readonly<Record<string, LimitKey>>;

/** The detail of a `task.queued`. */
export function detailOf(task: Task, item: unknown): QueuedTask {
  const { group, notes } = task;
  const { stored } = group;
  const hasItem = stored !== undefined && !stored.hasNext;
  const { priority, keys } = notes;
  // Enough for most tasks; created once for the group.
  if (!hasItem && keys === undefined && priority === undefined) return group.identity;
  const { name } = group;
  if (!hasItem && priority === undefined && keys !== undefined) {
    const [only] = task.keys ?? [];
    return only?.notes?.keys === keys ? only.queuedIn(name, keys) : { name, keys };
  }
  if (!hasItem && keys === undefined && priority !== undefined) return { name, priority };
  // Not by spreading objects, which would cost more than everything else about a task.
  const detail: { -readonly [Name in keyof QueuedTask]: QueuedTask[Name] } = { name };
  if (hasItem) detail.item = item as Json;
  if (priority !== undefined) detail.priority = priority;
  if (keys !== undefined) detail.keys = keys;
  return detail;
}
