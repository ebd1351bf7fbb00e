/** Who asks for the results of a group. */

import type { TaskFacts } from './facts.ts';
import type { Job } from './job.ts';

export interface Consumer {
  readonly job: Job;
  /** Whether it was told that results have been let go. */
  readonly isRefused: boolean;
  /** Whether it got the failure of this task. */
  gets(task: TaskFacts): boolean;
  /** Whether it got what the source threw. */
  readonly getsFailure: boolean;
  /** Compares what it got with what it should have, once all is quiet. */
  check(): void;
}
