/** How many promises something makes: each takes time in the turn that it is made, and one more to be collected. */

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
