/** Closes a server when another process takes over its pool. */

import type { BasePool, Logger } from '../../index.ts';

/**
 * Closes a server once another process writes the journal of its pool: its data is outdated then, and disconnected
 * clients find the other process.
 *
 * @param close closes the server.
 * @returns a function that ends this.
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
