/** Waits until no other process writes a journal. */

import { setTimeout as wait } from 'node:timers/promises';
import { StoreLocked, StoreUnreachable } from '../../index.ts';
import { checkSignal } from '../../kit/checks.ts';
import { reasonOf } from '../../kit/on-abort.ts';
import { OptionBag } from '../../kit/option-bag.ts';

export interface TakeOverOptions {
  /** Aborts waiting. Default: none. */
  readonly signal?: AbortSignal;
}

const takeOverOptions = new OptionBag<TakeOverOptions>({ signal: [checkSignal] });

/** Milliseconds between two attempts. */
const TRY_EVERY_MS = 250;

/**
 * Tries to open a journal for writing until no other process writes it and its storage can be reached.
 *
 * @param reader the read-only store of the journal.
 * @throws the reason of the signal, TypeError unless the store is read-only, and other errors of `open`.
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
    // It would reject with another error than the signal's reason, which is thrown above.
    await wait(TRY_EVERY_MS, undefined, signal && { signal }).catch(() => {});
  }
}
