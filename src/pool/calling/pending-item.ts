/** Items that are promises: the task awaits its item while it holds a slot. */

import { abortable } from '../../kit/abortable.ts';
import type { Task } from '../live/live.ts';

/**
 * What the item of a task resolves to. Rejects with what it rejects with, or with the reason of the
 * cancellation if the task is cancelled first: there is no function yet that could unwind.
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
