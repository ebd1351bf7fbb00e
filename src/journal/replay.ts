/** From events back to the state. */

import { IllegalTransition, StoreGap } from '../errors.ts';
import { EVENT_VERSION, type PoolEvent } from '../events.ts';
import { Code } from '../machines/charts.ts';
import { encode, identityOf } from '../machines/encoding.ts';
import { type PoolSnapshot, takeSnapshot } from '../machines/pool-snapshot.ts';
import { PoolState, type Subject } from '../machines/pool-state.ts';
import { GroupRecord, TaskRecord } from '../machines/records.ts';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** The `seq` of the last event to apply. Default: the last one given. */
  readonly until?: number;
}

/**
 * The state after the given events, which start at `seq` 0: equal to what `pool.snapshot()` was
 * when the last of them was recorded.
 *
 * @throws StoreGap if the events do not start at 0 or one is missing, TypeError if there is none,
 * IllegalTransition if one cannot have happened, RangeError for a type or version there is not.
 */
export function replay(events: Iterable<PoolEvent>, options: ReplayOptions = {}): PoolSnapshot {
  const { until = Number.POSITIVE_INFINITY } = options;
  let state: PoolState | undefined;
  for (const event of events) {
    if (event.seq > until) break;
    state ??= new PoolState(event.pool);
    evolve(state, event);
  }
  if (state === undefined) throw new TypeError('expected at least one event to replay, got none');
  return takeSnapshot(state);
}

/** Applies one event to a state; returns the state. Throws as {@link replay} does. */
function evolve(state: PoolState, event: PoolEvent): PoolState {
  if (event.seq !== state.seq + 1) {
    throw new StoreGap(`expected an event with seq ${state.seq + 1}, got ${event.seq}`);
  }
  if (event.v !== EVENT_VERSION) {
    throw new RangeError(`expected an event of version ${EVENT_VERSION}, got ${event.v}`);
  }
  if (state.seq === -1 && event.type !== 'pool.created') {
    throw new IllegalTransition(`expected pool.created as the first event, got ${event.type}`);
  }
  const { code, n, detail } = encode(event);
  state.apply(code, event.at, subjectOf(state, event), n, detail);
  return state;
}

/** What the event is about: a record of the state, or the new one that it brings. */
function subjectOf(state: PoolState, event: PoolEvent): Subject {
  switch (event.type) {
    case 'task.queued':
      return new TaskRecord(event.id, groupNamed(state, event.group), event.index);
    case 'group.created':
      if (state.groups.has(event.group)) {
        throw new IllegalTransition(`expected a group name not in use, got '${event.group}'`);
      }
      return new GroupRecord(identityOf(event));
    case 'task.started':
    case 'task.progressed':
    case 'task.cancelling':
    case 'task.cancelled':
    case 'task.ended': {
      const task = state.tasks.get(event.id);
      if (task === undefined) throw new StoreGap(`expected a task that exists, got id ${event.id}`);
      return task;
    }
    default:
      return encode(event).code < Code.callbackFailed
        ? groupNamed(state, (event as { group: string }).group)
        : undefined;
  }
}

function groupNamed(state: PoolState, name: string): GroupRecord {
  const group = state.groups.get(name);
  if (group === undefined) throw new StoreGap(`expected a group that exists, got '${name}'`);
  return group;
}
