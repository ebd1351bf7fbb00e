/** The parts of a run. */

import type { ControlAddress } from '../control-address.ts';
import type { Journal } from '../journal/open-journal.ts';
import type { RunHeader } from '../journal/run-header.ts';
import type { RunDashboard } from './dashboard.ts';
import type { Processes } from './exec/processes.ts';
import type { ItemReader } from './input/reader.ts';
import type { RunningTime } from './items/running-time.ts';
import type { EarlierRun } from './journal/earlier-run.ts';
import type { Outlets } from './output/outlets.ts';
import type { RunLog } from './output/run-log.ts';
import type { HaltRule } from './stopping/halt.ts';
import type { AttemptTerms } from './terms/attempt-terms.ts';
import type { LimitTerms } from './terms/limit-terms.ts';
import type { Work } from './work/work.ts';

export interface RunPlan {
  readonly header: RunHeader;
  /** The items that have no task yet. */
  readonly reader: ItemReader;
  /** The number of items, if it can be known before all are read. */
  readonly total: Promise<number | undefined>;
  readonly work: Work;
  /** Set if commands are run. */
  readonly processes: Processes | undefined;
  readonly attempts: AttemptTerms;
  readonly limits: LimitTerms;
  /** The clock of the pool. */
  readonly time: RunningTime;
  /** The number of items processed concurrently. Default: as before, or the number of cores. */
  readonly concurrency: number | undefined;
  readonly halt: HaltRule | undefined;
  /** The address of the control server, if there is to be one. */
  readonly control: ControlAddress | undefined;
  /** Set if a dashboard is to be served. */
  readonly dashboard: RunDashboard | undefined;
  readonly journal: Journal | undefined;
  /** Set if the run is resumed. */
  readonly earlier: EarlierRun | undefined;
  readonly log: RunLog;
  readonly outlets: Outlets;
}
