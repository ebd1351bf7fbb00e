/** Waiting until no one else writes a journal. */

import { setTimeout as wait } from 'node:timers/promises';
import { StoreLocked, StoreUnreachable } from '../../index.ts';
import { checkSignal } from '../../kit/checks.ts';
import { reasonOf } from '../../kit/on-abort.ts';
import { OptionBag } from '../../kit/option-bag.ts';

export interface TakeOverOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

const takeOverOptions = new OptionBag<TakeOverOptions>({ signal: [checkSignal] });

/** How often it is tried, in milliseconds. */
const TRY_EVERY_MS = 250;

/**
 * Tries to open a journal to write until no one else does, and whatever it is kept in is there.
 *
 * @param reader the store that is to become another one.
 * @throws the reason of the signal, TypeError unless it is read only, and what `open` throws otherwise.
 */
export async function untilFree<T>(
  reader: { readonly readonly: boolean },
  open: () => Promise<T>,
  options: TakeOverOptions,
): Promise<T> {
  takeOverOptions.check('takeOver()', options);
  const { signal } = options;
  if (!reader.readonly) {
    throw new TypeError('expected a store that was opened with readonly, got one that writes');
  }
  for (;;) {
    if (signal?.aborted === true) throw reasonOf(signal);
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreLocked || error instanceof StoreUnreachable)) throw error;
    }
    // Rejects with another error than the reason.
    await wait(TRY_EVERY_MS, undefined, signal && { signal }).catch(() => {});
  }
}
