/** The state of a running pool as data, copied in slices. */

import { JoinedCheckpoint, type PoolCapture, type PoolCheckpoint } from '../../index.ts';
import { inSlices } from './slices.ts';

/** All that was begun to be taken down, between turns of the event loop. */
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
