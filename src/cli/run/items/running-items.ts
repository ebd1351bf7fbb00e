/** The running items, and the number of those aborted without an outcome. */

import type { TaskContext } from '../../../index.ts';
import type { PlacedItem } from '../../journal/item-tasks.ts';
import type { CommandOutput } from '../output/command-output.ts';
import { ItemAttempt } from './item-attempt.ts';
import { Slots } from './slots.ts';

export class RunningItems {
  /** Oldest first. */
  readonly attempts = new Set<ItemAttempt>();
  /** The number of items that were running when the run was stopped and have no outcome. */
  numAborted = 0;
  /** Called when an item stops running. */
  onLeft: () => void = () => {};
  readonly #slots = new Slots();

  get size(): number {
    return this.attempts.size;
  }

  /** The attempt of a running task. */
  attemptOf(id: number): ItemAttempt | undefined {
    for (const attempt of this.attempts) if (attempt.id === id) return attempt;
    return undefined;
  }

  begin(placed: PlacedItem, context: TaskContext, output: CommandOutput): ItemAttempt {
    const attempt = new ItemAttempt(placed, context, output, this.#slots.take());
    this.attempts.add(attempt);
    return attempt;
  }

  /** Aborts all running items. */
  abort(reason: Error): void {
    for (const attempt of this.attempts) attempt.abort(reason);
  }

  /** Removes an attempt after its outcome was handled. */
  leave(attempt: ItemAttempt): void {
    this.attempts.delete(attempt);
    this.#slots.free(attempt.slot);
    this.onLeft();
  }
}
