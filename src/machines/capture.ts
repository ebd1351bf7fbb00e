/**
 * Captures the state of a pool as of one event, in steps, while the pool keeps running: a record is copied before
 * it changes. A checkpoint of millions of tasks therefore never blocks for long.
 */

import { EVENT_VERSION } from '../events/events.ts';
import { checkLimit } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { ENDED } from './charts.ts';
import type {
  GroupCheckpoint,
  LimitKeyCheckpoint,
  PoolCheckpoint,
  TaskCheckpoint,
} from './checkpoint.ts';
import { groupData, limitKeysData, limitsData, taskData } from './checkpoint-data.ts';
import { type CheckpointPart, joinCheckpoint, partsFrom } from './checkpoint-parts.ts';
import { headOf } from './pool-snapshot.ts';
import type { PoolState, StateWatch } from './pool-state.ts';
import type { GroupRecord, TaskRecord } from './records.ts';

/** Options of a capture. */
export interface CaptureOptions {
  /** How many ended tasks to include, the last ones to end: a non-negative integer or `Infinity`. Default: all. */
  readonly ended?: number;
}

export const captureOptions = new OptionBag<CaptureOptions>({
  ended: [checkLimit, 'last', 'limit'],
});

/** The state of a pool after one of its events, captured in parts while the pool keeps running. */
export interface PoolCapture {
  /** The `seq` of the event after which the state is captured. */
  readonly seq: number;
  /** How many ended tasks are left out. */
  readonly omitted: number;
  /** The parts, for `JoinedCheckpoint`, each created when it is requested. May be called once. */
  parts(): Iterable<CheckpointPart>;
  /** Call this when no more parts are needed: until then each event costs the pool more. */
  end(): void;
}

/** The whole state as data, synchronously. */
export function dehydrate(state: PoolState, options: CaptureOptions = {}): PoolCheckpoint {
  const capture = new Capture(state, options);
  try {
    return joinCheckpoint(capture.parts());
  } finally {
    capture.end();
  }
}

export class Capture implements PoolCapture, StateWatch {
  /** The `seq` of the event after which the state is captured. */
  readonly seq: number;
  /** How many remembered ended tasks are left out. */
  readonly omitted: number;
  readonly #state: PoolState;
  readonly #head: CheckpointPart;
  readonly #running: readonly number[];
  readonly #limitKeys: readonly LimitKeyCheckpoint[];
  /** Groups from this ordinal on, and tasks from this id on, were created later. */
  readonly #endOfGroups: number;
  readonly #endOfTasks: number;
  /** The id of the next task to be captured. */
  #nextTask = 0;
  readonly #takenGroups = new Set<GroupRecord>();
  /** Captured early, because they were about to change. Ended tasks do not change. */
  readonly #earlyGroups: GroupCheckpoint[] = [];
  readonly #earlyTasks: TaskCheckpoint[] = [];
  readonly #forgottenTasks: TaskRecord[] = [];
  readonly #earlyIds = new Set<number>();
  /** The current place in the list of ended tasks, and how many are left. */
  #nextEnded: TaskRecord | undefined;
  #endedLeft: number;
  /** The ids of the ended tasks to include; undefined for all. */
  readonly #kept: ReadonlySet<number> | undefined;
  readonly #earlyEnded: number[] = [];

  /** From now on until {@link end}, the state reports its changes. */
  constructor(state: PoolState, { ended = Number.POSITIVE_INFINITY }: CaptureOptions = {}) {
    this.#state = state;
    const limits = limitsData(state.limits);
    this.seq = state.seq;
    this.#head = {
      v: EVENT_VERSION,
      ...headOf(state),
      ...(state.uid === '' ? {} : { uid: state.uid }),
      ...(state.epoch === 0 ? {} : { epoch: state.epoch }),
      totals: { ...state.totals },
      groupsCreated: state.groups.entered,
      ...(limits === undefined ? {} : { limits }),
    };
    this.#limitKeys = [...limitKeysData(state.limits)];
    this.#running = state.running.toArray().map(({ id }) => id);
    this.#endOfTasks = state.totals.created;
    this.#endOfGroups = state.groups.entered;
    this.omitted = Math.max(0, state.ended.length - ended);
    this.#endedLeft = state.ended.length - this.omitted;
    const last = this.omitted === 0 ? undefined : lastOf(state, this.#endedLeft);
    this.#nextEnded = last === undefined ? state.ended.first : last[0];
    this.#kept = last && new Set(last.map(({ id }) => id));
    state.watches.push(this);
  }

  /** The parts, each captured when it is requested. May be called once. */
  parts(): Generator<CheckpointPart> {
    return partsFrom({
      head: this.#head,
      groups: this.#groups(),
      tasks: this.#tasks(),
      running: this.#running,
      ended: this.#ended(),
      limitKeys: this.#limitKeys,
    });
  }

  /** Stops the state from reporting its changes. */
  end(): void {
    const { watches } = this.#state;
    const place = watches.indexOf(this);
    if (place !== -1) watches.splice(place, 1);
  }

  beforeTask(task: TaskRecord): void {
    this.beforeGroup(task.group);
    const { id } = task;
    if (id < this.#nextTask || id >= this.#endOfTasks || this.#earlyIds.has(id)) return;
    if (task.state === ENDED && !this.#isKept(task)) return;
    this.#earlyIds.add(id);
    if (task.state === ENDED) this.#forgottenTasks.push(task);
    else this.#earlyTasks.push(taskData(task));
  }

  beforeGroup(group: GroupRecord): void {
    const { ordinal } = group;
    if (ordinal < 0 || ordinal >= this.#endOfGroups || this.#takenGroups.has(group)) return;
    this.#takenGroups.add(group);
    this.#earlyGroups.push(groupData(group));
  }

  beforeLeavingEnded(task: TaskRecord): void {
    if (this.#endedLeft > 0 && task === this.#nextEnded) this.#earlyEnded.push(this.#takeEnded());
  }

  *#groups(): Generator<GroupCheckpoint> {
    const { groups, cancelled } = this.#state;
    for (const table of [groups, cancelled]) {
      for (const group of table) {
        if (group.ordinal >= this.#endOfGroups || this.#takenGroups.has(group)) continue;
        this.#takenGroups.add(group);
        yield groupData(group);
      }
    }
    yield* this.#earlyGroups;
  }

  *#tasks(): Generator<TaskCheckpoint> {
    for (const task of this.#state.tasks) {
      if (task.id >= this.#endOfTasks) break;
      this.#nextTask = task.id + 1;
      if (this.#earlyIds.has(task.id) || (task.state === ENDED && !this.#isKept(task))) continue;
      yield taskData(task);
    }
    this.#nextTask = this.#endOfTasks;
    yield* this.#earlyTasks;
    for (const task of this.#forgottenTasks) yield taskData(task);
  }

  *#ended(): Generator<number> {
    while (this.#endedLeft > 0 || this.#earlyEnded.length > 0) {
      yield* this.#earlyEnded.splice(0);
      if (this.#endedLeft > 0) yield this.#takeEnded();
    }
  }

  #isKept({ id }: TaskRecord): boolean {
    return this.#kept === undefined || this.#kept.has(id);
  }

  #takeEnded(): number {
    const task = this.#nextEnded as TaskRecord;
    this.#nextEnded = this.#state.ended.nextOf(task);
    this.#endedLeft--;
    return task.id;
  }
}

/** The last `count` ended tasks, the oldest first. */
function lastOf({ ended }: PoolState, count: number): TaskRecord[] {
  const tasks: TaskRecord[] = [];
  for (let task = ended.last; tasks.length < count && task !== undefined; ) {
    tasks.push(task);
    task = ended.previousOf(task);
  }
  return tasks.reverse();
}
