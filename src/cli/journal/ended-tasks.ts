/** A projection of a journal to its ended tasks, in order of creation. */

import type {
  ErrorData,
  Json,
  Outcome,
  PoolEvent,
  Projection,
  SubmittedCall,
} from '../../index.ts';
import { Fifo } from '../../kit/fifo.ts';
import { type KeptResult, ReportedResult } from '../run/output/stored-result.ts';
import { inPlace } from './in-place.ts';
import { placedItem } from './item-tasks.ts';
import { headerIn, type RunHeader } from './run-header.ts';

export interface EndedTask {
  readonly id: number;
  /** The argument of its function; undefined if the journal does not hold it. */
  readonly item: Json | undefined;
  readonly outcome: Outcome;
  readonly error?: ErrorData;
  /** Its result, if it was stored; of a command also the output printed before it failed. */
  readonly result?: KeptResult;
}

/** The data of a task that has not ended. */
interface OpenTask {
  readonly item: Json | undefined;
  readonly reported: ReportedResult;
}

/** Tasks of `taskpool run` whose items were retried because they had failed. */
export interface Retried {
  /** The newest task of each item, by the id of its first task; undefined if the newest has not ended. */
  readonly newest: ReadonlyMap<number, EndedTask | undefined>;
  /** The tasks that retried them. */
  readonly retries: { has(id: number): boolean };
}

const NOTHING_RETRIED: Retried = { newest: new Map(), retries: new Set() };

export class EndedTasks {
  readonly #open = new Map<number, OpenTask>();
  /** Ended tasks that wait for one created earlier. */
  readonly #early = new Map<number, EndedTask | undefined>();
  /** Items stored before their tasks were created, by group. */
  readonly #supplies = new Map<string, Fifo<Json>>();
  /** Arguments of calls stored before their tasks were created, by group and index. */
  readonly #calls = new Map<string, Map<number, Json>>();
  /** Arguments shared by all tasks of a group. */
  readonly #args = new Map<string, Json>();
  #head: number | undefined = undefined;
  readonly #retried: Retried;
  /** The header of the run, if this is the journal of `taskpool run`. */
  run: RunHeader | undefined = undefined;

  /**
   * @param retried the retried items: each is reported once, in the position of its first task.
   */
  constructor(retried = NOTHING_RETRIED) {
    this.#retried = retried;
  }

  apply(event: PoolEvent): void {
    switch (event.type) {
      case 'group.created':
        this.run ??= headerIn(event);
        if (event.args !== undefined) this.#args.set(event.group, event.args);
        break;
      case 'group.supplied':
        this.#supply(event.group, event.items);
        break;
      case 'group.submitted':
        this.#submit(event.group, event.calls);
        break;
      case 'group.withdrawn':
        for (const index of event.indices) this.#calls.get(event.group)?.delete(index);
        break;
      case 'task.queued':
        this.#head ??= event.id;
        this.#open.set(event.id, { item: this.#itemOf(event), reported: new ReportedResult() });
        break;
      case 'task.progressed':
        this.#open.get(event.id)?.reported.take(event.progress);
        break;
      case 'task.interrupted':
      case 'task.failed':
        this.#open.get(event.id)?.reported.forget();
        break;
      case 'task.ended':
        this.#end(event);
        break;
      default:
    }
  }

  /** Yields the ended tasks that became next in line since the last call. */
  *take(): Generator<EndedTask> {
    while (this.#head !== undefined && this.#early.has(this.#head)) {
      const task = this.#early.get(this.#head);
      this.#early.delete(this.#head++);
      if (task !== undefined) yield task;
    }
  }

  /** Yields the ended tasks that wait for one that has not ended. */
  *rest(): Generator<EndedTask> {
    const ids = [...this.#early.keys()].sort((one, other) => one - other);
    for (const id of ids) {
      const task = this.#early.get(id);
      if (task !== undefined) yield task;
    }
    this.#early.clear();
  }

  /** The stored result; outside `taskpool run` it is the value that the task returned. */
  #resultOf(
    task: OpenTask | undefined,
    outcome: Outcome,
    value: Json | undefined,
  ): KeptResult | undefined {
    if (this.run !== undefined) return task?.reported.resultOf(outcome, value);
    return value === undefined ? undefined : { result: value };
  }

  #supply(group: string, items: readonly Json[]): void {
    const supply = this.#supplies.get(group) ?? new Fifo<Json>();
    for (const item of items) supply.push(item);
    this.#supplies.set(group, supply);
  }

  #submit(group: string, calls: readonly SubmittedCall[]): void {
    const stored = this.#calls.get(group) ?? new Map<number, Json>();
    for (const { index, args } of calls) if (args !== undefined) stored.set(index, args);
    this.#calls.set(group, stored);
  }

  #itemOf({ item, group, index }: PoolEvent & { readonly type: 'task.queued' }): Json | undefined {
    if (item !== undefined) return placedItem(group, index, item).item as Json;
    const calls = this.#calls.get(group);
    const args = calls?.get(index);
    if (calls?.delete(index) === true) return args;
    const supply = this.#supplies.get(group);
    return supply === undefined ? this.#args.get(group) : supply.shift();
  }

  #end({ id, outcome, value, error }: PoolEvent & { readonly type: 'task.ended' }): void {
    const task = this.#open.get(id);
    const item = task?.item;
    const result = this.#resultOf(task, outcome, value);
    this.#open.delete(id);
    const { newest, retries } = this.#retried;
    if (newest.has(id)) this.#early.set(id, newest.get(id));
    else if (retries.has(id)) this.#early.set(id, undefined);
    else {
      this.#early.set(id, {
        id,
        item,
        outcome,
        ...(error === undefined ? {} : { error }),
        ...(result === undefined ? {} : { result }),
      });
    }
  }
}

/** The ended tasks as a projection of the events. */
export function endedTasks(retried?: Retried): Projection<EndedTasks> {
  return inPlace(() => new EndedTasks(retried));
}
