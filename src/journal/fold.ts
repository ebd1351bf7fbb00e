/** Applies events to a state one by one, for `replay` and for recoveries. */

import { IllegalTransition, StoreGap } from '../errors.ts';
import { Code, GROUP_CODES, OTHER_CODES } from '../events/event-codes.ts';
import type { CreatedGroup, Named } from '../events/event-columns.ts';
import { type CompactEvent, checkFields, encode } from '../events/event-fields.ts';
import type { EventFields, PoolEvent } from '../events/events.ts';
import { stepByStep } from '../kit/jobs.ts';
import { quoted } from '../kit/printed.ts';
import { applyEvent } from '../machines/apply-event.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';
import { identityOf } from '../machines/group-identity.ts';
import { PoolState, type Subject } from '../machines/pool-state.ts';
import { GroupRecord, type RecordMakers, TaskRecord } from '../machines/records.ts';
import { rehydrate, rehydrating } from '../machines/restore-checkpoint.ts';
import { storedItemsOf } from '../machines/stored-items.ts';
import { visitRing } from './columns.ts';
import type { EventHistory } from './event-history.ts';
import { upcast } from './upcast.ts';

/** Creates plain records. */
export const PLAIN_RECORDS: RecordMakers<TaskRecord, GroupRecord> = {
  task: (id, group, index) => new TaskRecord(id, group, index),
  group: (identity) => new GroupRecord(identity, storedItemsOf(identity.kind.storage)),
};

export class Fold<T extends TaskRecord, G extends GroupRecord> {
  readonly #makers: RecordMakers<T, G>;
  #state: PoolState<T, G> | undefined;

  /** @param from the state before the first event; a pool begins with `pool.created`. */
  constructor(makers: RecordMakers<T, G>, from: PoolCheckpoint | undefined) {
    this.#makers = makers;
    this.#state = from && rehydrate(from, makers);
  }

  /** Like the constructor, with turns of the event loop in between, since there may be many tasks. */
  static async begin<T extends TaskRecord, G extends GroupRecord>(
    makers: RecordMakers<T, G>,
    from: PoolCheckpoint | undefined,
  ): Promise<Fold<T, G>> {
    const fold = new Fold(makers, undefined);
    if (from !== undefined) fold.#state = await stepByStep(rehydrating(from, makers));
    return fold;
  }

  /** The current state; undefined before the first event. */
  get state(): PoolState<T, G> | undefined {
    return this.#state;
  }

  /**
   * Applies the next event.
   *
   * @throws StoreGap if it is not the next event, IllegalTransition if it is impossible in the current state,
   * RangeError for an unknown type or version, TypeError for an invalid field.
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
    checkFields(event);
    const columns = encode(event);
    const { code, n, detail } = columns;
    applyEvent(state, code, event.at, this.#subjectOf(state, columns), n, detail);
    this.#state = state;
  }

  /**
   * Applies the events of a journal in memory up to one: several times as fast as {@link apply}, since a pool has
   * already checked them.
   *
   * @throws StorePruned if the next event is no longer held.
   */
  advance(history: EventHistory, toSeq: number): void {
    const state = this.#state ?? new PoolState<T, G>(history.pool);
    const fromSeq = state.seq + 1;
    const end = Math.min(toSeq, history.nextSeq - 1);
    if (end < fromSeq) return;
    history.checkHeld(fromSeq);
    visitRing(history.ring, fromSeq, end, (at, code, id, n, detail) => {
      const subject = this.#subjectOf(state, { code, id, n, detail });
      applyEvent(state, code, at, subject, n, detail);
    });
    this.#state = state;
  }

  /** The subject of the event: a record of the state, or a new one. */
  #subjectOf(state: PoolState<T, G>, { code, id, n, detail }: CompactEvent): Subject {
    if (code === Code.taskQueued) {
      return this.#makers.task(id, groupNamed(state, (detail as Named).name), n);
    }
    if (code < GROUP_CODES) return taskWith(state, id);
    if (code === Code.groupCreated) return this.#newGroup(state, (detail as CreatedGroup).created);
    if (code < OTHER_CODES) return groupNamed(state, nameIn(detail as Named | GroupFields));
    return undefined;
  }

  #newGroup(state: PoolState<T, G>, created: EventFields['group.created']): G {
    if (state.groups.has(created.group)) {
      throw new IllegalTransition(`expected a group name not in use, got ${quoted(created.group)}`);
    }
    return this.#makers.group(identityOf(created));
  }
}

/** The fields of an event about a group without its own columns. */
interface GroupFields {
  readonly group: string;
}

function nameIn(detail: Named | GroupFields): string {
  return 'name' in detail ? detail.name : detail.group;
}

function taskWith<T extends TaskRecord>(state: PoolState<T, GroupRecord>, id: number): T {
  const task = state.tasks.get(id);
  if (task === undefined) throw new StoreGap(`expected a task that exists, got id ${id}`);
  return task;
}

function groupNamed<G extends GroupRecord>(state: PoolState<TaskRecord, G>, name: string): G {
  const group = state.groups.get(name);
  if (group === undefined) throw new StoreGap(`expected a group that exists, got ${quoted(name)}`);
  return group;
}
