/** Counts the promises that something creates: each costs time to create and to collect. */

import { createHook } from 'node:async_hooks';

export async function promisesDuring(run: () => unknown): Promise<number> {
  let made = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') made++;
    },
  }).enable();
  try {
    await run();
  } finally {
    hook.disable();
  }
  return made;
}
