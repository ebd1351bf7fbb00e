/** The interface of consumers of the results of a group. */

import type { TaskFacts } from './facts.ts';
import type { Job } from './job.ts';

export interface Consumer {
  readonly job: Job;
  /** Whether it was refused since results were already released. */
  readonly isRefused: boolean;
  /** Whether it received the failure of this task. */
  gets(task: TaskFacts): boolean;
  /** Whether it received the error of the source. */
  readonly getsFailure: boolean;
  /** Compares what it received with what it should have, once the pool is quiet. */
  check(): void;
}
