/** The items at work, and what became of those that came to no end. */

import type { TaskContext } from '../../index.ts';
import type { PlacedItem } from '../journal/item-tasks.ts';
import { ItemAttempt } from './item-attempt.ts';
import type { CommandOutput } from './output/command-output.ts';
import { Slots } from './slots.ts';

export class AtWork {
  /** Those that were begun first at the front. */
  readonly attempts = new Set<ItemAttempt>();
  /** Items that were at work when the run was stopped, and came to nothing. */
  numAborted = 0;
  /** Called when an item is not at work any more. */
  onLeft: () => void = () => {};
  readonly #slots = new Slots();

  get size(): number {
    return this.attempts.size;
  }

  /** The attempt of a task that is at work. */
  attemptOf(id: number): ItemAttempt | undefined {
    for (const attempt of this.attempts) if (attempt.id === id) return attempt;
    return undefined;
  }

  begin(placed: PlacedItem, context: TaskContext, output: CommandOutput): ItemAttempt {
    const attempt = new ItemAttempt(placed, context, output, this.#slots.take());
    this.attempts.add(attempt);
    return attempt;
  }

  /** Cuts all of them short. */
  abort(reason: Error): void {
    for (const attempt of this.attempts) attempt.abort(reason);
  }

  /** Its work, and what follows from it, is over. */
  leave(attempt: ItemAttempt): void {
    this.attempts.delete(attempt);
    this.#slots.free(attempt.slot);
    this.onLeft();
  }
}
