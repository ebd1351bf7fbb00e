/** A projection of the journal to the state in which earlier processes left a run. */

import type { Outcome, PoolEvent } from '../../../index.ts';
import { inPlace } from '../../journal/in-place.ts';
import {
  againGroup,
  ITEMS_GROUP,
  isAgainGroup,
  itemOfTask,
  type PlacedItem,
} from '../../journal/item-tasks.ts';
import { type EndedItem, ReportedResult } from '../output/stored-result.ts';
import { Turns } from '../output/turns.ts';
import type { AttemptTerms } from '../terms/attempt-terms.ts';

/** An item that was queued or running. */
interface OpenItem extends PlacedItem {
  /** The id of its task. */
  readonly id: number;
  /** The number of failed attempts that were to be retried. */
  readonly failures: number;
}

/** Items in the order of the input. */
export type ItemsByIndex = ReadonlyMap<number, PlacedItem>;

/** The number of failures that no longer count, since their items are retried. */
export type Superseded = Readonly<Record<'rejected' | 'cancelled', number>>;

export interface EarlierRun {
  /** The number of items that became tasks. */
  readonly created: number;
  /** The order of printing. */
  readonly turns: Turns;
  /**
   * Ended items that wait for their turn to be printed, by index. The value is undefined if there is nothing to
   * print.
   */
  readonly ended: ReadonlyMap<number, EndedItem | undefined>;
  /** Items that were queued or running, in the order of their tasks. */
  readonly open: readonly OpenItem[];
  /** Groups of retried items: the items that have no task yet, in order. */
  readonly again: ReadonlyMap<string, ItemsByIndex>;
  /** The group that gets the rest of the input; undefined if there is none. */
  readonly feeder: string | undefined;
  /** The group to be created now. */
  readonly begins: string | undefined;
  /** The timeouts and retries of items. */
  readonly attempts: AttemptTerms;
  /** The names of the pool's limits. */
  readonly limits: readonly string[];
  /** Groups whose results the pool stores; tasks of older journals report them instead. */
  readonly keeping: ReadonlySet<string>;
  readonly superseded: Superseded;
}

/** The state of a new run. */
export function nothingEarlier(): EarlierRun {
  return new Earlier(ITEMS_GROUP);
}

/** A task that has not ended. */
interface OpenTask extends OpenItem {
  failures: number;
  /** The results that it has reported. */
  readonly reported: ReportedResult;
}

/** The state, updated with each event: of an item only the newest task counts. */
export class Earlier implements EarlierRun {
  created = 0;
  begins: string | undefined;
  feeder: string | undefined;
  readonly turns = new Turns();
  readonly ended = new Map<number, EndedItem | undefined>();
  readonly again = new Map<string, Map<number, PlacedItem>>();
  readonly superseded = { rejected: 0, cancelled: 0 };
  attempts: AttemptTerms = {};
  readonly keeping = new Set<string>();
  readonly #limits = new Set<string>();
  readonly #tasks = new Map<number, OpenTask>();
  /** Failed items that are not retried yet, by index. */
  readonly #failed = new Map<number, PlacedItem>();
  readonly #totals: Record<Outcome, number> = { fulfilled: 0, rejected: 0, cancelled: 0 };
  #numRetries = 0;
  #new: PlacedItem[] = [];

  constructor(begins?: string) {
    this.begins = begins;
    this.feeder = begins;
  }

  get open(): readonly OpenItem[] {
    return [...this.#tasks.values()];
  }

  get limits(): readonly string[] {
    return [...this.#limits];
  }

  apply(event: PoolEvent): void {
    switch (event.type) {
      case 'pool.created':
        for (const name of Object.keys(event.limits ?? {})) this.#limits.add(name);
        break;
      case 'limit.changed':
        this.#limits.add(event.limit);
        break;
      case 'group.created':
        this.#begin(event);
        break;
      case 'group.exhausted':
      case 'group.failed':
      case 'group.cancelled':
        this.#endSource(event.group);
        break;
      case 'task.queued':
        this.#queue(event);
        break;
      case 'task.progressed':
        this.#tasks.get(event.id)?.reported.take(event.progress);
        break;
      case 'task.interrupted':
        this.#tasks.get(event.id)?.reported.forget();
        break;
      case 'task.failed':
        this.#fail(event.id);
        break;
      case 'task.ended':
        this.#end(event);
        break;
      default:
    }
  }

  /** Returns the items that became tasks since the last call, without retries. */
  takeNew(): readonly PlacedItem[] {
    const taken = this.#new;
    this.#new = [];
    return taken;
  }

  beginAgain(): void {
    this.begins = againGroup(this.#numRetries + 1);
    this.#retryFailed(this.begins);
  }

  #begin(event: PoolEvent & { readonly type: 'group.created' }): void {
    const { group, keepResults, retry, timeout, deadline } = event;
    if (group === ITEMS_GROUP) this.feeder = group;
    else if (isAgainGroup(group)) this.#retryFailed(group);
    else return;
    if (keepResults !== undefined) this.keeping.add(group);
    this.attempts = { retries: retry?.limit ?? 0, retryDelay: retry?.delay, timeout, deadline };
  }

  #fail(id: number): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    task.failures++;
    task.reported.forget();
  }

  /** A group takes over all failed items, and the rest of the input if no other group has it. */
  #retryFailed(group: string): void {
    const items = [...this.#failed.values()].sort((one, other) => one.index - other.index);
    this.#numRetries++;
    this.feeder ??= group;
    this.again.set(group, new Map(items.map((placed) => [placed.index, placed])));
    this.#failed.clear();
    const { rejected, cancelled } = this.#totals;
    Object.assign(this.superseded, { rejected, cancelled });
    for (const { index } of items) this.ended.delete(index);
    this.turns.repeat(items.map(({ index }) => index));
  }

  #queue(event: PoolEvent & { readonly type: 'task.queued' }): void {
    const placed = itemOfTask(event);
    const { id } = event;
    this.#tasks.set(id, { id, ...placed, failures: 0, reported: new ReportedResult() });
    if (placed.index >= this.created) this.#new.push(placed);
    this.created = Math.max(this.created, placed.index + 1);
    this.again.get(event.group)?.delete(placed.index);
  }

  #end({ id, outcome, value, error }: PoolEvent & { readonly type: 'task.ended' }): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    this.#tasks.delete(id);
    this.#totals[outcome]++;
    const { index, item } = task;
    if (outcome !== 'fulfilled') this.#failed.set(index, { index, item });
    const result = task.reported.resultOf(outcome, value);
    this.#endTurn(index, result === undefined ? undefined : { item, result, error });
  }

  /** Items that a group has not turned into tasks are dropped and stay failed. */
  #endSource(group: string): void {
    if (this.feeder === group) this.feeder = undefined;
    for (const placed of this.again.get(group)?.values() ?? []) {
      this.#failed.set(placed.index, placed);
      this.#endTurn(placed.index, undefined);
    }
    this.again.delete(group);
  }

  #endTurn(index: number, ended: EndedItem | undefined): void {
    this.ended.set(index, ended);
    while (this.ended.delete(this.turns.next)) this.turns.advance();
  }
}

/** The state as a projection of the events. */
export const earlierRun = inPlace(() => new Earlier());
