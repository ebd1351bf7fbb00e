/** `TaskPool.scope`: a pool that lives as long as one function. */

import { errorData } from '../machines/to-json.ts';
import type { BasePool } from './base-pool.ts';

/** Calls `body` and closes the pool: when its work is done or, if `body` throws, after cancelling everything. */
export async function runScope<P extends BasePool, T>(
  pool: P,
  body: (pool: P) => T | PromiseLike<T>,
): Promise<T> {
  let value: T;
  try {
    value = await body(pool);
  } catch (error) {
    pool.cancelAll(error);
    throw withFailures(error, await failuresOf(pool));
  }
  await pool.gatherAndClose();
  return value;
}

/** Closes the pool and returns all errors that nobody has awaited. */
async function failuresOf(pool: BasePool): Promise<unknown[]> {
  try {
    return await pool.gatherAndClose({ returnExceptions: true });
  } catch (error) {
    // An earlier call is already closing the pool without `returnExceptions`.
    return [error];
  }
}

/** Combines the error of the body with the other failures. */
function withFailures(error: unknown, failures: readonly unknown[]): unknown {
  const others = failures.filter((failure) => failure !== error);
  if (others.length === 0) return error;
  const count = others.length === 1 ? 'another failure' : `${others.length} other failures`;
  const message = `${errorData(error).message} (and ${count})`;
  return new AggregateError([error, ...others], message, { cause: error });
}
