/** Recovers pools of both kinds. */

import { NotRecoverable } from '../../errors.ts';
import type { PoolKind } from '../../events/events.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { describe } from '../../kit/checks.ts';
import type { NoLimits, PoolLimits } from '../admission/limit-options.ts';
import type { Recovery } from '../core.ts';
import type { AnyFunction, TaskFunction } from '../functions/task-types.ts';
import type { JournalStore } from '../persistence/journal.ts';
import { PoolView } from '../pool-view.ts';
import { SimpleTaskPool } from '../simple-task-pool.ts';
import { TaskPool } from '../task-pool.ts';
import { readJournal } from './read-journal.ts';
import type { Beginning, RecoveryOptions, SimpleRecoveryOptions } from './recovery-options.ts';

/**
 * Continues the work of a pool whose process died or suspended it, from its journal. Tasks that had ended are not run
 * again; those that were queued or running are, with the same id and the next `attempt`, since they may have run.
 * Nothing runs before the caller had a turn of the event loop to subscribe.
 *
 * @param store the journal of a pool with `functions`, to which new events are appended. If it is empty, the option
 * `begin` creates the pool.
 * @throws NotRecoverable, FunctionNotRegistered if the journal or the options are not enough to continue; TypeError,
 * RangeError, NotAFunction for invalid options; what the store throws, and what `replay` throws. Then nothing was
 * written.
 */
export async function recoverTaskPool<const L extends PoolLimits = NoLimits>(
  store: EventStore,
  options: RecoveryOptions<L>,
): Promise<TaskPool<L>> {
  const recovery = await readJournal('TaskPool', store, options);
  if (recovery === undefined) return begun('TaskPool', store, options);
  return continued(new TaskPool<L>(options, recovery), recovery);
}

/**
 * Like {@link recoverTaskPool}, for a simple pool. `fn` and `args` are used for tasks that are started from now on;
 * earlier tasks are run by the function that `functions` has under their name.
 *
 * @throws what {@link recoverTaskPool} throws, and NotStorable.
 */
export async function recoverSimpleTaskPool<R, const A extends readonly unknown[]>(
  store: EventStore,
  fn: TaskFunction<A, R | PromiseLike<R>>,
  args: A,
  options: SimpleRecoveryOptions<R, A>,
): Promise<SimpleTaskPool<R, A>> {
  const recovery = await readJournal('SimpleTaskPool', store, options);
  if (recovery === undefined) return begun('SimpleTaskPool', store, options);
  return continued(new SimpleTaskPool<R, A>(fn as AnyFunction, args, options, recovery), recovery);
}

/** @throws NotRecoverable, TypeError, and what `begin` throws. */
async function begun<P extends PoolView>(
  kind: PoolKind,
  store: EventStore,
  { begin }: Beginning<P>,
): Promise<P> {
  if (begin === undefined) {
    throw new NotRecoverable(
      'expected a journal with events, got an empty one and no begin to create a pool',
    );
  }
  const pool = await begin(store as JournalStore);
  if (!(pool instanceof PoolView) || pool.kind !== kind) {
    throw new TypeError(`expected begin to create a ${kind}, got ${describe(pool)}`);
  }
  // Otherwise a wrong journal would only be noticed at the next recovery.
  const journal: unknown = PoolView.coreOf(pool).store ?? pool.journal;
  if (journal !== store) {
    throw new TypeError('expected begin to create a pool with the given journal');
  }
  return pool;
}

async function continued<P extends PoolView>(pool: P, recovery: Recovery): Promise<P> {
  await recovery.begin(PoolView.coreOf(pool));
  return pool;
}
