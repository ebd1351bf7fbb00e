/** What earlier processes did of a run, as its journal says. */

import type { PoolEvent } from '../../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { Journal } from '../journal/open-journal.ts';
import { headerIn, type RunHeader } from '../journal/run-header.ts';
import type { ItemReader } from './input/reader.ts';
import { label } from './output/messages.ts';
import {
  type EndedItem,
  isStoredResult,
  resultIn,
  type StoredResult,
} from './output/stored-result.ts';

export interface EarlierRun {
  /** How many items became tasks. */
  readonly created: number;
  /** The index of the first item that has not ended. All before it are printed. */
  readonly head: number;
  /**
   * Items after it that have ended: in the order of the input, they are not printed yet. Undefined
   * if there is nothing to print.
   */
  readonly ended: ReadonlyMap<number, EndedItem | undefined>;
  /** Items that were queued or at work, by index. */
  readonly open: ReadonlyMap<number, unknown>;
}

/** Of a run that begins now. */
export const NOTHING_EARLIER: EarlierRun = {
  created: 0,
  head: 0,
  ended: new Map(),
  open: new Map(),
};

/** Whether a run is over, so that nothing is left to resume. */
export async function isFinished(journal: Journal): Promise<boolean> {
  for await (const batch of journal.read({ fromSeq: journal.nextSeq - 1 })) {
    if (batch.at(-1)?.type === 'pool.closed') return true;
  }
  return false;
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
 * @throws CommandFailed where an item is not the one that it was.
 */
export async function readEarlierRun(journal: Journal, reader: ItemReader): Promise<EarlierRun> {
  const run = new Earlier();
  for await (const batch of journal.read()) {
    for (const event of batch) {
      if (event.type === 'task.queued') await checkNext(reader, event.index, event.item);
      run.apply(event);
    }
  }
  return run;
}

async function checkNext(reader: ItemReader, index: number, expected: unknown): Promise<void> {
  const hasItem = await reader.fill();
  const item = hasItem ? reader.take() : undefined;
  if (hasItem && (item === expected || JSON.stringify(item) === JSON.stringify(expected))) return;
  const got = hasItem ? label(item) : 'the end of the input';
  throw new CommandFailed(
    ExitCode.usage,
    `expected item ${index + 1} to be ${label(expected)}, as in the journal, got ${got}`,
  );
}

/** The fold of the events; ids count the items, since the pool has no other tasks. */
class Earlier implements EarlierRun {
  created = 0;
  head = 0;
  readonly ended = new Map<number, EndedItem | undefined>();
  readonly open = new Map<number, unknown>();
  /** What those that are open have come to. */
  readonly #results = new Map<number, StoredResult>();

  apply(event: PoolEvent): void {
    switch (event.type) {
      case 'task.queued':
        this.created = event.index + 1;
        this.open.set(event.id, event.item);
        break;
      case 'task.progressed':
        if (isStoredResult(event.progress)) this.#results.set(event.id, event.progress);
        break;
      case 'task.interrupted':
        this.#results.delete(event.id);
        break;
      case 'task.ended':
        this.#end(event);
        break;
      default:
    }
  }

  #end({ id, outcome, error }: PoolEvent & { readonly type: 'task.ended' }): void {
    const item = this.open.get(id);
    const result = resultIn(this.#results.get(id), outcome);
    this.open.delete(id);
    this.#results.delete(id);
    this.ended.set(id, result === undefined ? undefined : { item, result, error });
    while (this.ended.delete(this.head)) this.head++;
  }
}
