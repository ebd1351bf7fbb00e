/** What earlier processes did of a run, as its journal says. */

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
  /** Of its task. */
  readonly id: number;
  /** How many of its attempts have failed, and were followed by another one. */
  readonly failures: number;
}

/** Items in the order of the input. */
export type ItemsByIndex = ReadonlyMap<number, PlacedItem>;

/** Failures that do not count any more, since their items are run again. */
export type Superseded = Readonly<Record<'rejected' | 'cancelled', number>>;

export interface EarlierRun {
  /** How many items became tasks. */
  readonly created: number;
  /** Whose turn it is to be printed. */
  readonly turns: Turns;
  /**
   * Items that have ended and had no turn yet, by index. Undefined if there is nothing to print.
   */
  readonly ended: ReadonlyMap<number, EndedItem | undefined>;
  /** Items that were queued or running, in the order of their tasks. */
  readonly open: readonly OpenItem[];
  /** Groups of items that are run again: what no task was created for yet, in order. */
  readonly again: ReadonlyMap<string, ItemsByIndex>;
  /** The group that the rest of the input goes to; undefined if there is none. */
  readonly feeder: string | undefined;
  /** The group that is created now. */
  readonly begins: string | undefined;
  /** How long items may take, and how often they are tried. */
  readonly attempts: AttemptTerms;
  /** The names of the pool's limits. */
  readonly limits: readonly string[];
  /** Groups whose results the pool keeps: those of older journals report them. */
  readonly keeping: ReadonlySet<string>;
  readonly superseded: Superseded;
}

/** Of a run that begins now. */
export function nothingEarlier(): EarlierRun {
  return new Earlier(ITEMS_GROUP);
}

/** A task that has not ended. */
interface OpenTask extends OpenItem {
  failures: number;
  /** What it has come to. */
  readonly reported: ReportedResult;
}

/** As the events say it: what counts of an item is its newest task. */
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
  /** What has failed and is not run again so far, by index. */
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

  /** Items that became tasks since the last call, apart from those that are run again. */
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

  /** A group takes over what has failed, and the rest of the input if no other one has it. */
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

  /** What a group has not given to tasks will not come any more, and stays failed. */
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

/** The same as a projection of the events. */
export const earlierRun = inPlace(() => new Earlier());
