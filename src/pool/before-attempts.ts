/** Calls back before each attempt, for what is prepared only if somebody wants it. */

import { Code, type EventCode } from '../events/event-codes.ts';
import { BasePool } from './base-pool.ts';
import { checkPool } from './check-pool.ts';
import { observe } from './door/observe.ts';

/** Of a slot that passes directly to the next task, a witness sees the end of the previous one. */
const CODES: readonly EventCode[] = [Code.taskStarted, Code.taskEnded];

/**
 * Calls a function before each attempt starts, and sometimes more often. The pool is in the middle of recording: the
 * function may call `pool.around()`, but nothing that changes the pool. Its errors are logged.
 *
 * @returns a function that ends it.
 * @throws TypeError unless `pool` is a pool.
 */
export function beforeAttempts(pool: BasePool, callback: () => void): () => void {
  checkPool('pool', pool);
  const { door, logger } = BasePool.coreOf(pool);
  const see = (): void => {
    try {
      callback();
    } catch (error) {
      logger.error('a callback before an attempt failed', error);
    }
  };
  return observe(door, { allowsRelay: true, see }, CODES);
}
