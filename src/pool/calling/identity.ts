/** How a remote call is identified at the worker that runs it. */

import type { PoolState } from '../../machines/pool-state.ts';
import type { TaskRecord } from '../../machines/records.ts';
import type { RemoteCall } from '../functions/remote.ts';
import type { PoolIdentity } from '../functions/task-context.ts';
import type { Work } from '../live/work.ts';

/** The identity of the pool, with the epoch in which the current attempt of a task started. */
export function identityFor(task: TaskRecord, { name, uid, epoch }: PoolState): PoolIdentity {
  return { name, uid, epoch: task.epoch ?? epoch };
}

/** The current attempt of a task as a remote call. */
export function callOf(
  task: TaskRecord,
  state: PoolState,
  item: unknown,
  { spreads, passContext }: Pick<Work, 'spreads' | 'passContext'>,
): RemoteCall {
  const { id, attempt, index, group } = task;
  const args = spreads ? (item as readonly unknown[]) : [item];
  return {
    pool: identityFor(task, state),
    id,
    attempt,
    index,
    groupName: group.name,
    args,
    isPassed: passContext,
  };
}
