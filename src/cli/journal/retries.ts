/** Items of a run that were run again after they failed: what came of the newest time. */

import type { PoolEvent } from '../../index.ts';
import { type EndedTask, EndedTasks, type Retried } from './ended-tasks.ts';
import { foldJournal } from './fold-journal.ts';
import { inPlace } from './in-place.ts';
import { itemOfTask, retriesFailed } from './item-tasks.ts';
import type { Journal } from './open-journal.ts';
import { headerIn } from './run-header.ts';

/** Reads a whole journal: what it keeps grows with the items that have failed, and with no others. */
export async function readRetried(journal: Journal): Promise<Retried> {
  return (await foldJournal(journal, retries)).retried();
}

class Retries {
  /** The first task of each item that has failed, by the index of the item. */
  readonly #failed = new Map<number, number>();
  /** Items of tasks that have not ended. */
  readonly #open = new Map<number, number>();
  /** The task of an item, by the task that ran it again. */
  readonly #origins = new Map<number, number>();
  readonly #newest = new Map<number, EndedTask | undefined>();
  /** The newest task of an item, by its first one. */
  readonly #latest = new Map<number, number>();
  /** Tasks of items that are run again. */
  readonly #ended = new EndedTasks();
  #hasRetries = false;

  apply(event: PoolEvent): void {
    this.#ended.run ??= headerIn(event);
    if (this.#ended.run === undefined) return;
    if (retriesFailed(event)) this.#hasRetries = true;
    if (event.type === 'task.queued') this.#queue(event);
    if (this.#isOfRetry(event)) this.#ended.apply(event);
    for (const task of this.#ended.take()) this.#note(task);
    if (event.type === 'task.ended') this.#end(event);
  }

  /** Call it after the last event. */
  retried(): Retried {
    for (const task of this.#ended.rest()) this.#note(task);
    return { newest: this.#newest, retries: this.#origins };
  }

  #queue(event: PoolEvent & { readonly type: 'task.queued' }): void {
    const { index } = itemOfTask(event);
    this.#open.set(event.id, index);
    const origin = this.#hasRetries ? this.#failed.get(index) : undefined;
    if (origin === undefined) return;
    this.#origins.set(event.id, origin);
    this.#latest.set(origin, event.id);
    this.#newest.set(origin, undefined);
  }

  #isOfRetry(event: PoolEvent): boolean {
    return 'id' in event && typeof event.id === 'number' && this.#origins.has(event.id);
  }

  #note(task: EndedTask): void {
    const origin = this.#origins.get(task.id);
    if (origin === undefined || this.#latest.get(origin) !== task.id) return;
    this.#newest.set(origin, task);
  }

  #end({ id, outcome }: PoolEvent & { readonly type: 'task.ended' }): void {
    const index = this.#open.get(id);
    this.#open.delete(id);
    if (outcome === 'fulfilled' || index === undefined || this.#failed.has(index)) return;
    this.#failed.set(index, id);
  }
}

const retries = inPlace(() => new Retries());
