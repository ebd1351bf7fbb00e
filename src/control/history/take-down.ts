/** Copies the state of a running pool in slices. */

import { JoinedCheckpoint, type PoolCapture, type PoolCheckpoint } from '../../index.ts';
import type { Slices } from './slices.ts';

/** Completes a capture, yielding to the event loop in between. */
export async function takeDown(begun: PoolCapture, slices: Slices): Promise<PoolCheckpoint> {
  try {
    const joined = new JoinedCheckpoint();
    const parts = begun.parts()[Symbol.iterator]();
    await slices.run(() => {
      const { done, value } = parts.next();
      if (done !== true) joined.add(value);
      return done !== true;
    }, 1);
    return joined.end();
  } finally {
    begun.end();
  }
}
