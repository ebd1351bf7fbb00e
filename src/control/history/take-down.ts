/** Copies the state of a running pool in slices. */

import { JoinedCheckpoint, type PoolCapture, type PoolCheckpoint } from '../../index.ts';
import { inSlices } from './slices.ts';

/** Completes a capture, yielding to the event loop in between. */
export async function takeDown(begun: PoolCapture, signal?: AbortSignal): Promise<PoolCheckpoint> {
  try {
    const joined = new JoinedCheckpoint();
    const parts = begun.parts()[Symbol.iterator]();
    await inSlices(
      () => {
        const { done, value } = parts.next();
        if (done !== true) joined.add(value);
        return done !== true;
      },
      signal,
      1,
    );
    return joined.end();
  } finally {
    begun.end();
  }
}
