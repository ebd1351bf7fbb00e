/** User code that calls the pool first when the pool calls it. */

import { OwnResults, Results } from './asking.ts';
import type { TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import { cancelGroup, cancelTasks, pause, resize } from './operations.ts';
import type { Meddling } from './scripts.ts';

/**
 * @param task the task whose function it is; undefined for the source of a group.
 * @param isFunction whether it is called by the function of the task itself.
 */
export function meddle(
  job: Job,
  task: TaskFacts | undefined,
  how: Meddling,
  isFunction = false,
): void {
  const { world } = job;
  if (world.isEnding) return;
  world.stir();
  switch (how) {
    case 'cancel itself':
      if (task !== undefined) cancelTasks(world, [task.id], 'itself', 'list');
      break;
    case 'cancel its group':
      cancelGroup(world, job, 'itself', 'handle');
      break;
    case 'pause its group':
      pause(world, job);
      break;
    case 'shrink the pool':
      resize(world, 1);
      break;
    case 'grow the pool':
      resize(world, 4);
      break;
    case 'apply more':
      world.applyOne();
      break;
    case 'ask for results':
      world.consumers.push(isFunction ? new OwnResults(job) : new Results(job, task === undefined));
      break;
  }
}
