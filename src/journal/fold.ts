/** From events to a state, one by one: what `replay` and a pool that is resumed have in common. */

import { IllegalTransition, StoreGap } from '../errors.ts';
import type { PoolEvent } from '../events.ts';
import { Code } from '../machines/charts.ts';
import { type PoolCheckpoint, rehydrate } from '../machines/checkpoint.ts';
import { encode, identityOf } from '../machines/encoding.ts';
import { PoolState, type Subject } from '../machines/pool-state.ts';
import { GroupRecord, type RecordMakers, TaskRecord } from '../machines/records.ts';
import { upcast } from './upcast.ts';

/** Makes records that are nothing but records. */
export const PLAIN_RECORDS: RecordMakers<TaskRecord, GroupRecord> = {
  task: (id, group, index) => new TaskRecord(id, group, index),
  group: (identity) => new GroupRecord(identity),
};

export class Fold<T extends TaskRecord, G extends GroupRecord> {
  readonly #makers: RecordMakers<T, G>;
  #state: PoolState<T, G> | undefined;

  /** @param from the state before the first event; a pool begins with `pool.created`. */
  constructor(makers: RecordMakers<T, G>, from: PoolCheckpoint | undefined) {
    this.#makers = makers;
    this.#state = from && rehydrate(from, makers);
  }

  /** What came of it; undefined before the first event. */
  get state(): PoolState<T, G> | undefined {
    return this.#state;
  }

  /**
   * Applies the next event.
   *
   * @throws StoreGap if it is not the next one, IllegalTransition if it cannot have happened,
   * RangeError for a type or version there is not.
   */
  apply(given: PoolEvent): void {
    const event = upcast(given);
    const state = this.#state ?? new PoolState<T, G>(event.pool);
    if (event.seq !== state.seq + 1) {
      throw new StoreGap(`expected an event with seq ${state.seq + 1}, got ${event.seq}`);
    }
    if (state.seq === -1 && event.type !== 'pool.created') {
      throw new IllegalTransition(`expected pool.created as the first event, got ${event.type}`);
    }
    const { code, n, detail } = encode(event);
    state.apply(code, event.at, this.#subjectOf(state, event), n, detail);
    this.#state = state;
  }

  /** What the event is about: a record of the state, or the new one that it brings. */
  #subjectOf(state: PoolState<T, G>, event: PoolEvent): Subject {
    switch (event.type) {
      case 'task.queued':
        return this.#makers.task(event.id, groupNamed(state, event.group), event.index);
      case 'group.created':
        if (state.groups.has(event.group)) {
          throw new IllegalTransition(`expected a group name not in use, got '${event.group}'`);
        }
        return this.#makers.group(identityOf(event));
      case 'task.started':
      case 'task.progressed':
      case 'task.cancelling':
      case 'task.cancelled':
      case 'task.ended':
      case 'task.interrupted': {
        const task = state.tasks.get(event.id);
        if (task === undefined) {
          throw new StoreGap(`expected a task that exists, got id ${event.id}`);
        }
        return task;
      }
      default:
        return encode(event).code < Code.callbackFailed
          ? groupNamed(state, (event as { group: string }).group)
          : undefined;
    }
  }
}

function groupNamed<G extends GroupRecord>(state: PoolState<TaskRecord, G>, name: string): G {
  const group = state.groups.get(name);
  if (group === undefined) throw new StoreGap(`expected a group that exists, got '${name}'`);
  return group;
}
