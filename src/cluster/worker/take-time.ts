/** Slows down a BullMQ worker: if Redis refuses to return a job, it would ask again immediately, forever. */

import type { Worker } from 'bullmq';
import { isPassing, pauseFor } from '../faults.ts';

/**
 * @param pause in milliseconds.
 */
export function takeTime({ backend }: Pick<Worker, 'backend'>, pause: number): void {
  const fetch: typeof backend.moveToActive = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...args) => {
    try {
      return await fetch(...args);
    } catch (error) {
      // If the connection is lost, BullMQ waits itself.
      if (!isPassing(error)) await pauseFor(pause);
      throw error;
    }
  };
}
