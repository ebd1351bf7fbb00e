/** Items that are promises: the task awaits its item while it holds a slot. */

import { abortable } from '../../kit/abortable.ts';
import type { Task } from '../live/live.ts';

/**
 * Resolves or rejects as the item of a task does. If the task is cancelled first, rejects with the reason, since no
 * function is running yet that could handle the abort.
 */
export async function awaitItem({ item, signal }: Task): Promise<unknown> {
  const outcome = await abortable<() => unknown>(signal, (resolve) => {
    void settle(item, resolve);
    return () => {};
  });
  signal.throwIfAborted();
  return outcome();
}

async function settle(item: unknown, done: (outcome: () => unknown) => void): Promise<void> {
  try {
    const value = await item;
    done(() => value);
  } catch (error) {
    done(() => {
      throw error;
    });
  }
}
