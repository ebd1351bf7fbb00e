/** A projection to the retried items of a run and their newest outcomes. */

import type { PoolEvent } from '../../index.ts';
import { type EndedTask, EndedTasks, type Retried } from './ended-tasks.ts';
import { foldJournal } from './fold-journal.ts';
import { inPlace } from './in-place.ts';
import { itemOfTask, retriesFailed } from './item-tasks.ts';
import type { Journal } from './open-journal.ts';
import { headerIn } from './run-header.ts';

/** Reads a whole journal; memory grows with the number of failed items only. */
export async function readRetried(journal: Journal): Promise<Retried> {
  return (await foldJournal(journal, retries)).retried();
}

class Retries {
  /** The first task of each failed item, by the index of the item. */
  readonly #failed = new Map<number, number>();
  /** The index of the item of each open task. */
  readonly #open = new Map<number, number>();
  /** The first task of an item, by the task that retried it. */
  readonly #origins = new Map<number, number>();
  readonly #newest = new Map<number, EndedTask | undefined>();
  /** The newest task of an item, by its first one. */
  readonly #latest = new Map<number, number>();
  /** Ended tasks of retried items. */
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

  /** Returns the result; call it after the last event. */
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
