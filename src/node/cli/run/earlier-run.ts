/** What earlier processes did of a run, as its journal says. */

import { type Outcome, type PoolEvent, project } from '../../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { foldJournal } from '../journal/fold-journal.ts';
import { inPlace } from '../journal/in-place.ts';
import {
  againGroup,
  ITEMS_GROUP,
  isAgainGroup,
  itemOfTask,
  type PlacedItem,
} from '../journal/item-tasks.ts';
import type { Journal } from '../journal/open-journal.ts';
import { type Remaining, remaining } from '../journal/remaining.ts';
import { headerIn, type RunHeader } from '../journal/run-header.ts';
import type { ItemReader } from './input/reader.ts';
import { label } from './output/messages.ts';
import { type EndedItem, ReportedResult } from './output/stored-result.ts';
import { Turns } from './output/turns.ts';

/** An item that was queued or at work. */
interface OpenItem extends PlacedItem {
  /** Of its task. */
  readonly id: number;
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
  /** Items that were queued or at work, in the order of their tasks. */
  readonly open: readonly OpenItem[];
  /** Groups of items that are run again: what no task was created for yet, in order. */
  readonly again: ReadonlyMap<string, ItemsByIndex>;
  /** The group that the rest of the input goes to; undefined if there is none. */
  readonly feeder: string | undefined;
  /** The group that is created now. */
  readonly begins: string | undefined;
  readonly superseded: Superseded;
}

/** Of a run that begins now. */
export function nothingEarlier(): EarlierRun {
  return new Earlier(ITEMS_GROUP);
}

/** What a run has left to do. */
export function readRemaining(journal: Journal): Promise<Remaining> {
  return project(journal, remaining, { fromCheckpoint: true });
}

/** What the run is; undefined if the journal is not that of a run, or too short to say. */
export async function findHeader(journal: Journal): Promise<RunHeader | undefined> {
  for await (const batch of journal.read({ toSeq: journal.firstSeq + 9 })) {
    for (const event of batch) {
      const header = headerIn(event);
      if (header !== undefined) return header;
    }
  }
  return undefined;
}

/**
 * Reads a journal, and the input beside it, up to where the run was left.
 *
 * @param options.retryFailed whether all that failed is to be run again: it is as if the event that
 * takes it over had come.
 * @throws CommandFailed where an item is not the one that it was.
 */
export async function readEarlierRun(
  journal: Journal,
  reader: ItemReader,
  { retryFailed = false }: { readonly retryFailed?: boolean } = {},
): Promise<EarlierRun> {
  const each = async (run: Earlier) => {
    for (const placed of run.takeNew()) await checkNext(reader, placed);
  };
  const run = await foldJournal(journal, earlierRun, { each });
  if (retryFailed) run.beginAgain();
  return run;
}

async function checkNext(reader: ItemReader, { index, item: expected }: PlacedItem): Promise<void> {
  const hasItem = await reader.fill();
  const item = hasItem ? reader.take() : undefined;
  if (hasItem && (item === expected || JSON.stringify(item) === JSON.stringify(expected))) return;
  const got = hasItem ? label(item) : 'the end of the input';
  throw new CommandFailed(
    ExitCode.usage,
    `expected item ${index + 1} to be ${label(expected)}, as in the journal, got ${got}`,
  );
}

/** A task that has not ended. */
interface OpenTask extends OpenItem {
  /** What it has come to. */
  readonly reported: ReportedResult;
}

/** What counts of an item is its newest task. */
class Earlier implements EarlierRun {
  created = 0;
  begins: string | undefined;
  feeder: string | undefined;
  readonly turns = new Turns();
  readonly ended = new Map<number, EndedItem | undefined>();
  readonly again = new Map<string, Map<number, PlacedItem>>();
  readonly superseded = { rejected: 0, cancelled: 0 };
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

  apply(event: PoolEvent): void {
    switch (event.type) {
      case 'group.created':
        if (event.group === ITEMS_GROUP) this.feeder = event.group;
        else if (isAgainGroup(event.group)) this.#retryFailed(event.group);
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
    this.#tasks.set(event.id, { id: event.id, ...placed, reported: new ReportedResult() });
    if (placed.index >= this.created) this.#new.push(placed);
    this.created = Math.max(this.created, placed.index + 1);
    this.again.get(event.group)?.delete(placed.index);
  }

  #end({ id, outcome, error }: PoolEvent & { readonly type: 'task.ended' }): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    this.#tasks.delete(id);
    this.#totals[outcome]++;
    const { index, item } = task;
    if (outcome !== 'fulfilled') this.#failed.set(index, { index, item });
    const result = task.reported.resultOf(outcome);
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

const earlierRun = inPlace(() => new Earlier());
