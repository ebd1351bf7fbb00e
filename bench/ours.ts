/** This library in the workloads that peers run, too. Journal and events are on, as by default. */
import { TaskPool } from 'xstate-taskpool';
import { CONCURRENCY, type TaskFunction } from './model.ts';

type PoolOptions = NonNullable<ConstructorParameters<typeof TaskPool>[0]>;

/** All items through `map`, results not used. */
export async function mapDropped(
  fn: TaskFunction,
  items: Iterable<number>,
  options: PoolOptions = {},
): Promise<void> {
  const pool = new TaskPool({ retain: 'none', ...options });
  pool.map(fn, items, { numConcurrent: CONCURRENCY });
  await pool.gatherAndClose();
}

/** All items through `map`, results in the order of the items. */
export async function mapAwaited(
  fn: TaskFunction,
  items: Iterable<number>,
  options: PoolOptions = {},
): Promise<number[]> {
  const pool = new TaskPool(options);
  return await pool.map(fn, items, { numConcurrent: CONCURRENCY }).results();
}

/** A submission for each item, each with its own promise. */
export async function submit(
  fn: TaskFunction,
  items: readonly number[],
  options: PoolOptions = {},
): Promise<number[]> {
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none', ...options });
  return await Promise.all(items.map((item) => pool.submit(fn, [item])));
}

/** The same with a new function for each. */
export async function submitClosures(
  fn: TaskFunction,
  items: readonly number[],
): Promise<number[]> {
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none' });
  return await Promise.all(items.map((item) => pool.submit(() => fn(item))));
}

/** A group for each item, whose results are awaited. */
export async function apply(fn: TaskFunction, items: readonly number[]): Promise<number[][]> {
  const pool = new TaskPool({ poolSize: CONCURRENCY, retain: 'none' });
  return await Promise.all(items.map((item) => pool.apply(fn, [item]).results()));
}
