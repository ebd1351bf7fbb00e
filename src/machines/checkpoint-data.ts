/** Converts the records of a pool to checkpoint data. */

import { ENDED } from './charts.ts';
import type {
  GroupCheckpoint,
  LimitKeyCheckpoint,
  PoolCheckpoint,
  TaskCheckpoint,
} from './checkpoint.ts';
import type { LimitRecords } from './limit-records.ts';
import { knownOf } from './pool-snapshot.ts';
import { type GroupRecord, NO_NOTES, type TaskRecord } from './records.ts';

/** The keys of limits with starts that still count, or a pause. */
export function* limitKeysData(limits: LimitRecords | undefined): Generator<LimitKeyCheckpoint> {
  for (const [limit, { numbers, keys }] of limits ?? []) {
    const per = numbers.rate?.per ?? 0;
    for (const { key, starts, pausedUntil } of keys) {
      const last = starts.fromEnd(1) ?? 0;
      const paused = pausedUntil === 0 ? {} : { pausedUntil };
      yield { limit, key, starts: starts.after(last - per), ...paused };
    }
  }
}

/** The limits by name; undefined if there are none. */
export function limitsData(limits: LimitRecords | undefined): PoolCheckpoint['limits'] {
  if (limits === undefined) return undefined;
  return Object.fromEntries(Array.from(limits, ([name, { numbers }]) => [name, numbers]));
}

/** A group as data. */
export function groupData(group: GroupRecord): GroupCheckpoint {
  const { identity, ordinal, source, paused, created, ended, stored } = group;
  const { numConcurrent, priority } = group;
  return {
    ordinal,
    fields: {
      ...identity.created,
      numConcurrent,
      ...(priority === identity.kind.priority ? {} : { priority }),
    },
    source,
    paused,
    created,
    ended,
    ...(stored === undefined || stored.numLeft === 0 ? {} : { supply: stored.rest }),
    ...(stored?.submitted === undefined ? {} : { submitted: stored.submitted }),
  };
}

/** A remembered task as data. */
export function taskData(task: TaskRecord): TaskCheckpoint {
  const { id, group, index, epoch } = task;
  const item = group.stored?.own(index);
  const isPlain = task.notes === NO_NOTES && item === undefined && epoch === undefined;
  if (isPlain && task.state === ENDED) {
    const { queuedAt, startedAt, placedAt, endedAt, outcome } = task;
    // The usual case, and there may be many: one literal takes a tenth of the time.
    if (
      startedAt !== undefined &&
      placedAt === undefined &&
      endedAt !== undefined &&
      outcome !== undefined
    ) {
      // biome-ignore format: one literal
      return {
        id, group: group.ordinal, index, attempt: 1, state: 'ended', queuedAt, startedAt, endedAt,
        outcome,
      };
    }
  }
  const data = { id, group: group.ordinal, ...knownOf(task) };
  if (item === undefined && epoch === undefined) return data;
  return {
    ...data,
    ...(item === undefined ? {} : { item }),
    ...(epoch === undefined ? {} : { epoch }),
  };
}
