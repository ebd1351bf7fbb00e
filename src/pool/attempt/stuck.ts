/** Tasks whose functions ignore their aborted signal: they keep their slot until the function settles. */

import { checkFrom } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { CANCELLING, TASK_STATES, TIMED_OUT } from '../../machines/charts.ts';
import type { Door } from '../door/door.ts';
import type { StuckOptions } from '../options/pool-options.ts';

const stuckOptions = new OptionBag<StuckOptions>({ longerThan: [checkFrom, 'ms'] });

/** A task whose signal was aborted and whose function has not settled. */
export interface StuckTask {
  /** The id of the task. */
  readonly id: number;
  /** The name of its group. */
  readonly groupName: string;
  /** Its place in its group, from 0. */
  readonly index: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** Whether it was cancelled or reached a time limit. */
  readonly state: 'cancelling' | 'timedOut';
  /** Milliseconds since its signal was aborted. */
  readonly abortedFor: number;
}

/** The tasks whose signal was aborted at least `longerThan` milliseconds ago, in order of creation. */
export function stuckTasks({ state, turn }: Door, options: StuckOptions): StuckTask[] {
  stuckOptions.check('stuck()', options);
  const { longerThan = 0 } = options;
  const { elapsed: now } = turn;
  const stuck: StuckTask[] = [];
  let unseen = state.numUnwinding;
  // The youngest first: fewest of them have ended.
  for (const task of state.tasks.backwards()) {
    if (unseen === 0) break;
    if (task.state !== CANCELLING && task.state !== TIMED_OUT) continue;
    unseen--;
    const abortedFor = now - (task.run?.abortedAt ?? 0);
    if (abortedFor < longerThan) continue;
    const { id, group, index, attempt } = task;
    const name = TASK_STATES[task.state] as StuckTask['state'];
    stuck.push({ id, groupName: group.name, index, attempt, state: name, abortedFor });
  }
  return stuck.reverse();
}
