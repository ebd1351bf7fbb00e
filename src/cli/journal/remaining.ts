/** What is left to do in the journal of a run, as a projection of its events. */

import type { PoolCheckpoint, PoolEvent } from '../../index.ts';
import { inPlace } from './in-place.ts';
import { ITEMS_GROUP } from './item-tasks.ts';
import { headerIn } from './run-header.ts';

export class Remaining {
  /** Whether the pool of the run can do nothing more. */
  isClosed = false;
  #hasHeader = false;
  /** Whether it is the journal of a run that has begun: other pools may be given more to do. */
  #isRun = false;
  #numTasks = 0;
  /** Groups that have more to give. */
  readonly #open = new Set<string>();

  constructor(from: PoolCheckpoint | undefined) {
    if (from === undefined) return;
    const { status, groups, totals } = from;
    // A checkpoint comes after the header, and only a pool of a run is asked for one.
    this.#isRun = true;
    this.isClosed = status === 'closed';
    this.#numTasks = totals.created - totals.fulfilled - totals.rejected - totals.cancelled;
    for (const { source, fields } of groups) if (source === 'open') this.#open.add(fields.group);
  }

  /** Whether nothing is left, so that only items that have failed can be run once more. */
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
