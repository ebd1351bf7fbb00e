/** Retries while another process holds a lock on the database, without blocking the event loop. */

import { setTimeout as wait } from 'node:timers/promises';
import type { Driver } from './connection.ts';
import { isBusy } from './sqlite-errors.ts';

/** The maximum time to wait for a lock, in milliseconds. */
export const WAIT_MS = 5000;
/** Milliseconds between two attempts. */
const TRY_EVERY_MS = 20;

export async function patiently<T>(driver: Driver, step: () => T): Promise<T> {
  const until = performance.now() + WAIT_MS;
  while (true) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error, driver) || performance.now() > until) throw error;
    }
    await wait(TRY_EVERY_MS);
  }
}
