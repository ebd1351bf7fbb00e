/** A projection of a run's journal to its remaining work. */

import type { PoolCheckpoint, PoolEvent } from '../../index.ts';
import { inPlace } from './in-place.ts';
import { ITEMS_GROUP } from './item-tasks.ts';
import { headerIn } from './run-header.ts';

export class Remaining {
  /** Whether the pool is closed, so that nothing more can run. */
  isClosed = false;
  #hasHeader = false;
  /** Whether this is the journal of a run that has begun; other pools may get more work at any time. */
  #isRun = false;
  #numTasks = 0;
  /** Groups whose source may still supply items. */
  readonly #open = new Set<string>();

  constructor(from: PoolCheckpoint | undefined) {
    if (from === undefined) return;
    const { status, groups, totals } = from;
    // A checkpoint comes after the header, and this projection reads checkpoints of runs only.
    this.#isRun = true;
    this.isClosed = status === 'closed';
    this.#numTasks = totals.created - totals.fulfilled - totals.rejected - totals.cancelled;
    for (const { source, fields } of groups) if (source === 'open') this.#open.add(fields.group);
  }

  /** Whether nothing remains, so that only failed items can be retried. */
  get isNothing(): boolean {
    return this.isClosed || (this.#isRun && this.#numTasks === 0 && this.#open.size === 0);
  }

  apply(event: PoolEvent): void {
    switch (event.type) {
      case 'pool.closed':
        this.isClosed = true;
        break;
      case 'group.created':
        this.#hasHeader ||= headerIn(event) !== undefined;
        this.#isRun ||= this.#hasHeader && event.group === ITEMS_GROUP;
        this.#open.add(event.group);
        break;
      case 'group.exhausted':
      case 'group.failed':
      case 'group.cancelled':
        this.#open.delete(event.group);
        break;
      case 'task.queued':
        this.#numTasks++;
        break;
      case 'task.ended':
        this.#numTasks--;
        break;
      default:
    }
  }
}

export const remaining = inPlace((from) => new Remaining(from));
