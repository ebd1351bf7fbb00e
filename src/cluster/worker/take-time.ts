/** Lets a worker of BullMQ take its time: for a job that Redis refuses to give it, it would ask again at once, for ever. */

import type { Worker } from 'bullmq';
import { isPassing, pauseFor } from '../faults.ts';

/** @param pause milliseconds. */
export function takeTime({ backend }: Pick<Worker, 'backend'>, pause: number): void {
  const fetch: typeof backend.moveToActive = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...args) => {
    try {
      return await fetch(...args);
    } catch (error) {
      // Where the connection is gone it waits itself.
      if (!isPassing(error)) await pauseFor(pause);
      throw error;
    }
  };
}
