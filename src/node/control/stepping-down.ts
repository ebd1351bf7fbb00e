/** What becomes of a server whose pool is continued elsewhere. */

import type { BasePool, Logger } from '../../index.ts';

/**
 * Closes a server once another process writes the journal of its pool: what its clients see here is over, and
 * those that stay connected find the other one.
 *
 * @param close closes it.
 * @returns what ends this.
 */
export function closeWhenTakenOver(
  pool: BasePool | undefined,
  close: () => Promise<void>,
  logger: Logger,
): () => void {
  if (pool === undefined) return () => {};
  return pool.on('journal.failed', ({ error }) => {
    if (error.name !== 'StoreLocked') return;
    logger.info(`the server of ${pool} is closed: another process continues its work`);
    close().catch((failure) => logger.error(`closing the server of ${pool} failed`, failure));
  });
}
