/** Waits for conditions without an event. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the condition holds; the test's own timeout is the limit. */
export async function until(isMet: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isMet())) await sleep(2);
}
