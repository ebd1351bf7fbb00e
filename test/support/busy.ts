/** Makes the thread so busy that pools yield a turn of the event loop. */

import { taskPool } from './pools.ts';

function* until(isOver: () => boolean, taken: () => void): Generator<undefined> {
  while (!isOver()) {
    taken();
    yield;
  }
}

/**
 * Runs short functions until each pool waits for a turn of the event loop before starting the next task. Returns
 * before that turn.
 *
 * @param onJob called with each of them.
 */
export async function keepBusy(onJob = () => {}): Promise<void> {
  let count = 0;
  let isOver = false;
  const source = until(
    () => isOver,
    () => count++,
  );
  taskPool({ retain: 'none' }).map(async () => onJob(), source, { numConcurrent: 1 });
  for (let before = -1; before !== count; ) {
    before = count;
    for (let jobs = 0; jobs < 100; jobs++) await undefined;
  }
  isOver = true;
}
