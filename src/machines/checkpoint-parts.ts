/** Splits checkpoints into parts, so that no step of creating, storing or reading one takes long. */

import type { Json } from '../events/events.ts';
import { checkIterable, checkObject } from '../kit/checks.ts';
import { jsonSize } from '../kit/json-size.ts';
import type {
  GroupCheckpoint,
  LimitKeyCheckpoint,
  PoolCheckpoint,
  TaskCheckpoint,
} from './checkpoint.ts';

/** The largest part in characters of JSON, unless a single entry is larger. */
const PART = 128 * 1024;
/** How many items of a group are in the same part; if there are more, they are in separate parts. */
const ITEMS = 100;

/** A part of a checkpoint. */
export type CheckpointPart = Partial<PoolCheckpoint> & {
  /** Further items of groups of an earlier part. */
  readonly supplies?: readonly {
    /** The ordinal of the group. */
    readonly group: number;
    readonly items: readonly Json[];
  }[];
};

/** The source of parts. Entries may come in any order, and are created on demand. */
interface CheckpointSource {
  /** All fields that are no lists. */
  readonly head: CheckpointPart;
  readonly groups: Iterable<GroupCheckpoint>;
  readonly tasks: Iterable<TaskCheckpoint>;
  readonly running: Iterable<number>;
  readonly ended: Iterable<number>;
  readonly limitKeys: Iterable<LimitKeyCheckpoint>;
}

/** The parts, each created when it is requested. */
export function* partsFrom(source: CheckpointSource): Generator<CheckpointPart> {
  yield source.head;
  const split: GroupCheckpoint[] = [];
  for (const groups of pieces(withoutLargeSupplies(source.groups, split))) {
    yield { groups };
    for (const { ordinal, supply = [] } of split.splice(0)) {
      for (const items of pieces(supply)) yield { supplies: [{ group: ordinal, items }] };
    }
  }
  for (const tasks of pieces(source.tasks)) yield { tasks };
  for (const running of pieces(source.running)) yield { running };
  for (const ended of pieces(source.ended)) yield { ended };
  for (const limitKeys of pieces(source.limitKeys)) yield { limitKeys };
}

/** Splits a checkpoint into parts. @throws TypeError unless it is an object. */
export function splitCheckpoint(checkpoint: PoolCheckpoint): Generator<CheckpointPart> {
  checkObject('checkpoint', checkpoint);
  const { groups = [], tasks = [], running = [], ended = [], limitKeys = [], ...head } = checkpoint;
  return partsFrom({ head, groups, tasks, running, ended, limitKeys });
}

/** Joins parts to a checkpoint. @throws TypeError unless they are iterable objects. */
export function joinCheckpoint(parts: Iterable<CheckpointPart>): PoolCheckpoint {
  checkIterable('parts', parts);
  const joined = new JoinedCheckpoint();
  for (const part of parts) joined.add(part);
  return joined.end();
}

/** Joins the parts of a checkpoint, one by one. */
export class JoinedCheckpoint {
  readonly #head: CheckpointPart = {};
  readonly #groups = new Map<number, GroupCheckpoint>();
  readonly #supplies = new Map<number, Json[]>();
  readonly #tasks: TaskCheckpoint[] = [];
  readonly #running: number[] = [];
  readonly #ended: number[] = [];
  readonly #limitKeys: LimitKeyCheckpoint[] = [];
  /**
   * Whether a task came after one with a higher id. Usually they are in order, and sorting millions can be avoided.
   */
  #isMixed = false;

  /** Adds a part. @throws TypeError unless it is an object. */
  add(part: CheckpointPart): void {
    checkObject('part', part);
    const { groups = [], supplies = [], tasks = [], ...rest } = part;
    const { running = [], ended = [], limitKeys = [], ...head } = rest;
    Object.assign(this.#head, head);
    for (const group of groups) this.#groups.set(group.ordinal, group);
    for (const { group, items } of supplies) this.#supply(group, items);
    for (const task of tasks) this.#addTask(task);
    for (const id of running) this.#running.push(id);
    for (const id of ended) this.#ended.push(id);
    for (const key of limitKeys) this.#limitKeys.push(key);
  }

  /** The checkpoint; call this after the last part. */
  end(): PoolCheckpoint {
    for (const [ordinal, supply] of this.#supplies) {
      const group = this.#groups.get(ordinal);
      if (group !== undefined) this.#groups.set(ordinal, { ...group, supply });
    }
    if (this.#isMixed) this.#tasks.sort((a, b) => a.id - b.id);
    return {
      ...(this.#head as PoolCheckpoint),
      groups: [...this.#groups.values()].sort((a, b) => a.ordinal - b.ordinal),
      tasks: this.#tasks,
      running: this.#running,
      ended: this.#ended,
      ...(this.#limitKeys.length === 0 ? {} : { limitKeys: this.#limitKeys }),
    };
  }

  #supply(group: number, items: readonly Json[]): void {
    const supply = this.#supplies.get(group) ?? [];
    for (const item of items) supply.push(item);
    this.#supplies.set(group, supply);
  }

  #addTask(task: TaskCheckpoint): void {
    const last = this.#tasks.at(-1);
    this.#isMixed ||= last !== undefined && last.id > task.id;
    this.#tasks.push(task);
  }
}

/** The groups; those with many items are yielded without them, and added to `aside`. */
function* withoutLargeSupplies(
  groups: Iterable<GroupCheckpoint>,
  aside: GroupCheckpoint[],
): Generator<GroupCheckpoint> {
  for (const group of groups) {
    const { supply, ...rest } = group;
    if (supply === undefined || supply.length <= ITEMS) yield group;
    else {
      aside.push(group);
      yield rest;
    }
  }
}

function* pieces<T>(entries: Iterable<T>): Generator<T[]> {
  let piece: T[] = [];
  let size = 0;
  for (const entry of entries) {
    const added = jsonSize(entry);
    if (piece.length > 0 && size + added > PART) {
      yield piece;
      piece = [];
      size = 0;
    }
    piece.push(entry);
    size += added;
  }
  if (piece.length > 0) yield piece;
}
