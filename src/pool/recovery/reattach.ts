/** Reattaches to remote calls that may have outlived the process of their pool. */

import { later } from '../../kit/later.ts';
import { taskChart } from '../../machines/charts.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import { StoredCalls } from '../../machines/stored-calls.ts';
import { callOf } from '../calling/identity.ts';
import type { Reattached, RemoteBehaviour, RemoteCall } from '../functions/remote.ts';
import type { Group, Task } from '../live/live.ts';
import type { Work } from '../live/work.ts';
import type { Logger } from '../options/pool-options.ts';
import { SubmissionGroup } from '../submissions/submission-group.ts';
import { type Clock, platformClock } from '../turn/clock.ts';
import type { CalleeOfCall } from './recovered-submissions.ts';

/** The default of the option `reattachTimeout`. */
const REATTACH_TIMEOUT = 30_000;

/** The states in which an attempt is not over. */
const RUNNING = taskChart.tagged('running');

interface ReattachOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly reattachTimeout?: number;
}

/**
 * Asks remote functions what became of their calls; returns functions that settle as the calls that still exist. A
 * function that throws or does not answer in time has lost all its calls.
 */
export async function reattach(
  state: PoolState<Task, Group>,
  calleeOfCall: CalleeOfCall,
  options: ReattachOptions,
): Promise<ReadonlyMap<Task, Reattached>> {
  const asked = new Map<RemoteBehaviour, Map<Task, RemoteCall>>();
  for (const task of state.slots === 0 ? [] : state.tasks) {
    if (!RUNNING.includes(task.state)) continue;
    const work = workOf(task, calleeOfCall);
    const { remote, spreads } = work;
    if (remote?.reattach === undefined) continue;
    const item = itemOf(task);
    if (spreads && !Array.isArray(item)) continue;
    const calls = asked.get(remote) ?? new Map<Task, RemoteCall>();
    asked.set(remote, calls.set(task, callOf(task, state, item, work)));
  }
  const answers = await Promise.all(
    Array.from(asked, ([remote, calls]) => ask(remote, calls, options)),
  );
  return new Map(answers.flat());
}

/** The stored item of a task. */
export function itemOf({ group: { stored }, index }: Task): unknown {
  return stored?.copyOf(stored.of(index) ?? null);
}

/** The work of a submitted task comes from its stored call, since its submission is not restored yet. */
function workOf({ group, index }: Task, calleeOfCall: CalleeOfCall): Work {
  const { stored } = group;
  if (!(group instanceof SubmissionGroup) || !(stored instanceof StoredCalls)) return group.work;
  const call = stored.own(index);
  return call === undefined ? group.work : calleeOfCall(group, call).work;
}

async function ask(
  remote: RemoteBehaviour,
  calls: ReadonlyMap<Task, RemoteCall>,
  {
    clock = platformClock,
    logger = console,
    reattachTimeout: ms = REATTACH_TIMEOUT,
  }: ReattachOptions,
): Promise<[Task, Reattached][]> {
  let stop!: () => void;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`expected an answer within ${ms} ms, got none`);
    stop = later(ms, () => reject(error), clock);
  });
  try {
    const attached = await Promise.race([remote.reattach!([...calls.values()]), late]);
    return [...calls.keys()].flatMap((task, place) => {
      const fn = attached[place];
      return typeof fn === 'function' ? [[task, fn] as [Task, Reattached]] : [];
    });
  } catch (error) {
    const lost = `${calls.size} running tasks of ${remote.functionName} count as interrupted`;
    logger.error(`${lost}, since their outcomes are unknown:`, error);
    return [];
  } finally {
    stop();
  }
}
